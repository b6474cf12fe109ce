/** The names that @helia/libp2p imports. */
const none = () => {
  throw new Error('there is no WebRTC in these tests')
}

export { none as webRTC, none as webRTCDirect }
