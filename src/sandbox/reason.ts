/** What `$trap` answers: why the host's code stopped the guest. */
export const OUT_OF_FUEL = 1
export const OUT_OF_STACK = 2
export const OUT_OF_MEMORY = 3
