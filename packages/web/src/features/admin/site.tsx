import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Card } from '../../components/card.tsx'
import { LoadError } from '../../components/load-error.tsx'
import { Pending } from '../../components/pending.tsx'
import { Setting, useSaved } from '../../components/saving.tsx'
import { Segments } from '../../components/segments.tsx'
import { parseCount, parseSize } from '../../lib/amounts.ts'
import { client } from '../../lib/client.ts'
import { formatBytes, formatIn, formatNumber } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'
import { Limit } from './limit.tsx'

const registrations = ['open', 'invite', 'closed'] as const
const visibilities = ['private', 'unlisted', 'public'] as const
type Changes = Parameters<typeof client.settings.update>[0]['body']['settings']

/** What holds for everybody, and what all hold together. */
export function Site() {
  const site = useQuery({ queryKey, queryFn: () => client.settings.get() })
  if (site.isError) return <LoadError error={site.error} onRetry={() => void site.refetch()} />
  return site.data ? <SiteForm {...site.data} /> : <Pending />
}

const queryKey = ['admin', 'settings']
type Answer = Awaited<ReturnType<typeof client.settings.get>>

function SiteForm({ settings, defaults }: Answer) {
  const known = useQueryClient()
  const change = async (changes: Changes) =>
    known.setQueryData(queryKey, await client.settings.update({ body: { settings: changes } }))
  const registration = useSaved(settings.registration, (value) => change({ registration: value }))
  const visibility = useSaved(settings.default_visibility, (value) => change({ default_visibility: value }))
  const limit = (value: number, print: (value: number) => string) =>
    value === 0 ? say('admin.unlimited') : print(value)
  return (
    <>
      <Card title={say('admin.site')}>
        <Setting name={say('admin.registration')} mark={registration.mark}>
          <Segments
            label={say('admin.registration')}
            name="registration"
            value={registration.value}
            options={registrations.map((value) => ({
              value,
              label: say(value === 'invite' ? 'admin.invite-only' : `admin.${value}`),
            }))}
            onChange={registration.change}
          />
          <p className="meta">{say(`admin.${registration.value}Means`)}</p>
        </Setting>
        <Setting name={say('settings.defaultVisibility')} mark={visibility.mark}>
          <Segments
            label={say('settings.defaultVisibility')}
            name="site-visibility"
            value={visibility.value}
            options={visibilities.map((value) => ({ value, label: say(`viewer.${value}`) }))}
            onChange={visibility.change}
          />
          <p className="meta">{say('admin.visibilityMeans')}</p>
        </Setting>
        <Limit
          label={say('admin.maxBytes')}
          value={settings.quota_bytes}
          print={formatBytes}
          parse={parseSize}
          hint={say('admin.siteLimitHint', { standard: limit(defaults.quota_bytes, formatBytes) })}
          onSave={(value) => change({ quota_bytes: value })}
        />
        <Limit
          label={say('admin.maxImages')}
          value={settings.quota_images}
          print={formatNumber}
          parse={parseCount}
          hint={say('admin.siteLimitHint', { standard: limit(defaults.quota_images, formatNumber) })}
          onSave={(value) => change({ quota_images: value })}
        />
        <Limit
          label={say('admin.maxDrafts')}
          value={settings.quota_drafts}
          print={formatNumber}
          parse={parseCount}
          hint={say('admin.siteLimitHint', { standard: formatNumber(defaults.quota_drafts) })}
          onSave={(value) => change({ quota_drafts: value })}
        />
      </Card>
      <Card title={say('settings.usage')}>
        <TotalUsage />
      </Card>
    </>
  )
}

function TotalUsage() {
  const { data } = useQuery({ queryKey: ['admin', 'usage'], queryFn: () => client.users.usage() })
  if (!data) return null
  const facts = [
    [say('admin.accounts'), formatNumber(data.accounts)],
    [say('settings.pictures'), formatNumber(data.images)],
    [say('settings.bytes'), formatBytes(data.bytes)],
    ...(data.free_disk_bytes === undefined ? [] : [[say('admin.freeDisk'), formatBytes(data.free_disk_bytes)]]),
    [say('admin.engines'), `${data.metadata} · ${data.storage}`],
  ]
  return (
    <>
      <dl className="grid gap-1 tabular-nums">
        {facts.map(([name, value]) => (
          <div key={name} className="flex flex-wrap justify-between gap-x-4">
            <dt className="text-muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="meta">{say('admin.counted', { when: formatIn(data.counted_at) })}</p>
    </>
  )
}
