/** json and json-jcs: their rows. */
import { createHost } from '../../src/index.js'
import { rowsOf } from './rows.js'

const host = await createHost()

// an object puts keys like numbers first
rowsOf(host, 'json', ({ json }) => !json.includes('"0":7'))
rowsOf(host, 'json-jcs')
