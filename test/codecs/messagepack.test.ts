/** messagepack: its rows. */
import { createHost } from '../../src/index.js'
import { rowsOf } from './rows.js'

const host = await createHost()

// whole floats are integers to JavaScript
rowsOf(host, 'messagepack', ({ json }) => !/^-?\d+\.0$/.test(json))
