/** What may be done of what a function asks for. */
import type { CID } from 'multiformats/cid'
import type { AskedEffect } from '../task/index.js'
import { type Args, type Effect, type Task, taskCid } from '../ucan/index.js'
import type { Authority } from './authority.js'
import { isMap, RUN } from './call.js'
import { derivedTask, type EffectFact } from './facts.js'
import type { World } from './world.js'

/** Puts a task into the queue: `{cmd, args}`. */
export const ENQUEUE = '/task/enqueue'
const COMMAND = /^(\/[a-z0-9._-]+)+$/

/** An effect with what is to become of it. */
export interface Decided {
  readonly cmd: string
  readonly args: Args
  /** the effect's own task */
  readonly task: CID
  /** why it is not done; undefined if it is */
  readonly reason?: string
  /** of an effect that is to be queued: what */
  readonly queue?: Effect
}

/** Each effect of a task has a task of its own, which follows from its place: so the same effect is the same task when the run is done again. */
export async function decide({ cmd, args }: AskedEffect, parent: Task, authority: Authority, world: World, place = 0): Promise<Decided> {
  const given: Args = isMap(args) ? args : {}
  const derived = derivedTask(taskCid(parent), parent.sub, cmd, given, `effect/${place}`)
  const refuse = (reason: string): Decided => ({ cmd, args: given, task: derived.cid, reason })
  if (!isMap(args)) return refuse('ARGUMENTS: the arguments are no map')
  if (!COMMAND.test(cmd)) return refuse('ARGUMENTS: no command')
  if (cmd === ENQUEUE) return enqueue(args, parent, authority, world, derived.task.nonce, refuse)
  const provider = world.provider(cmd, parent.sub)
  if (provider === undefined) return refuse(`NOT_PROVIDED: this executor does not do ${cmd}`)
  if (provider.kind === 'query') return refuse(`NOT_PROVIDED: ${cmd} asks the world, and is an input`)
  const reason = await authority.refuses(cmd, args)
  return reason === undefined ? { cmd, args, task: derived.cid } : refuse(reason)
}

async function enqueue(
  args: Args,
  { sub }: Task,
  authority: Authority,
  world: World,
  nonce: Uint8Array,
  refuse: (reason: string) => Decided
): Promise<Decided> {
  const { cmd, args: inner } = args
  if (typeof cmd !== 'string' || !COMMAND.test(cmd) || !isMap(inner)) return refuse('ARGUMENTS: expected a task to be queued, {cmd, args}')
  if (!world.enqueues(cmd)) return refuse(`NOT_PROVIDED: this executor queues no ${cmd} for functions, see policy.enqueue`)
  const reason = (await authority.refuses(ENQUEUE, args)) ?? (await authority.refuses(cmd, inner))
  if (reason !== undefined) return refuse(reason)
  const queue = queuedBy(cmd, inner, args.nonce, sub, nonce)
  return { cmd: ENQUEUE, args, task: taskCid(queue), queue }
}

function queuedBy(cmd: string, args: Args, given: unknown, sub: string, nonce: Uint8Array): Effect {
  return { cmd, sub, args, nonce: given instanceof Uint8Array ? given : cmd === RUN ? new Uint8Array(0) : nonce }
}

/** The task that an effect of a receipt must have, if it has been decided as the receipt says; and what it queues. */
export function effectOf({ cmd, args, allowed }: Pick<EffectFact, 'cmd' | 'args' | 'allowed'>, parent: Task, place: number): { task: CID; queue?: Effect } {
  const { task, cid } = derivedTask(taskCid(parent), parent.sub, cmd, args, `effect/${place}`)
  if (!allowed || cmd !== ENQUEUE || typeof args.cmd !== 'string' || !isMap(args.args)) return { task: cid }
  const queue = queuedBy(args.cmd, args.args, args.nonce, parent.sub, task.nonce)
  return { task: taskCid(queue), queue }
}
