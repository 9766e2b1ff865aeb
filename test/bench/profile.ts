import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SHOWN = 16

type Profile = {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[]
  samples: number[]
  timeDeltas: number[]
}

/** Where a process was busy in its last seconds, as its profile in this folder says: each package's share, the largest first. */
export function busiestIn(folder: string, seconds: number): string[] {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))
  if (file === undefined) throw new Error('The server left no profile behind')
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile
  const owners = new Map(nodes.map(({ id, callFrame }) => [id, ownerOf(callFrame)]))
  const times = new Map<string, number>()
  let left = seconds * 1e6
  for (let at = samples.length - 1; at >= 0 && left > 0; at--) {
    const [owner = '', time = 0] = [owners.get(samples[at] ?? 0), timeDeltas[at]]
    times.set(owner, (times.get(owner) ?? 0) + time)
    left -= time
  }
  times.delete('(idle)')
  const all = [...times.values()].reduce((sum, time) => sum + time, 0)
  const largest = [...times].sort(([, one], [, other]) => other - one).slice(0, SHOWN)
  return largest.map(([owner, time]) => `${((100 * time) / all).toFixed(1).padStart(5)} %  ${owner}`)
}

function ownerOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string {
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  if (inPackage !== undefined) return inPackage
  const ours = /\/dist\/(?:src\/)?(.+?)\/[^/]+$/.exec(url)?.[1]
  if (ours !== undefined) return `signpost/${ours}`
  return url.startsWith('node:') ? (/^node:(?:internal\/)?\w+/.exec(url)?.[0] ?? url) : functionName || 'without a name'
}
