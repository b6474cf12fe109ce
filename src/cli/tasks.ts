/** The commands about tasks: what runs, who may, and what came of it. Loaded where the line has one of them. */
import type { Command } from 'commander'
import { delegate } from './command/delegate.js'
import { get as functionGet } from './command/function/get.js'
import { info as functionInfo } from './command/function/info.js'
import { ls as functionLs } from './command/function/ls.js'
import { invoke } from './command/invoke.js'
import { export_ } from './command/key/export.js'
import { import_ } from './command/key/import.js'
import { ls as keyLs } from './command/key/ls.js'
import { create as keyNew } from './command/key/new.js'
import { rm as keyRm } from './command/key/rm.js'
import { show as keyShow } from './command/key/show.js'
import { get as nameGet } from './command/name/get.js'
import { ls as nameLs } from './command/name/ls.js'
import { rm as nameRm } from './command/name/rm.js'
import { set as nameSet } from './command/name/set.js'
import { get as receiptGet } from './command/receipt/get.js'
import { ls as receiptLs } from './command/receipt/ls.js'
import { rerun } from './command/receipt/rerun.js'
import { show as receiptShow } from './command/receipt/show.js'
import { verify as receiptVerify } from './command/receipt/verify.js'
import { revoke } from './command/revoke.js'
import { run } from './command/run.js'
import { show as tokenShow } from './command/token/show.js'
import { work } from './command/work.js'
import type { Act } from './program.js'

/** @returns the groups */
export function addTasks(program: Command, act: Act): Command[] {
  for (const add of [run, work, delegate, invoke, revoke]) add(program, act)
  const functions = program.command('function').description('functions over blocks: modules that "run" runs')
  for (const add of [functionLs, functionInfo, functionGet]) add(functions, act)
  const key = program.command('key').description('private keys: who signs what one asks, allows and does')
  for (const add of [keyNew, keyLs, keyShow, export_, import_, keyRm]) add(key, act)
  const receipt = program.command('receipt').description('what executors have signed of what tasks have come to')
  for (const add of [receiptShow, receiptVerify, rerun, receiptLs, receiptGet]) add(receipt, act)
  const token = program.command('token').description('delegations, invocations and receipts')
  tokenShow(token, act)
  const name = program.command('name').description('mutable names: what /name/resolve asks for, and /name/publish changes')
  for (const add of [nameLs, nameGet, nameSet, nameRm]) add(name, act)
  return [functions, key, receipt, token, name]
}
