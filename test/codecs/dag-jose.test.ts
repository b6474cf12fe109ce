/** dag-jose: its rows. */
import { createHost } from '../../src/index.js'
import { rowsOf } from './rows.js'

const host = await createHost()

rowsOf(host, 'dag-jose')
