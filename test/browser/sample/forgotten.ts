// suite instead of test, whose list all files of a bundle share
import { suite } from 'uvu'

const forgotten = suite('forgotten')
forgotten('is never run', () => {})
