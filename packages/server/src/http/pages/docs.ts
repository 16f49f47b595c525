import { api, errors, type Route } from '@imagehost/contract'
import { errorsOf, universalErrors } from '@imagehost/contract/openapi'
import { escapeHtml } from '../escape-html.ts'

/** The API reference as one page without scripts, printed from the table. */
export function docsPage(): string {
  const nouns = Object.entries(api).map(([noun, routes]) => {
    const rows = Object.values<Route>(routes).map(routeSection)
    return `<h2 id="${noun}">${noun}</h2>${rows.join('')}`
  })
  const list = Object.keys(api).map((noun) => `<a href="#${noun}">${noun}</a>`)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>ImageHost API</title>
<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><style>${style}</style></head>
<body><main><h1>ImageHost API</h1>
<p>Send your key in the <code>X-API-Key</code> header or as <code>Authorization: Bearer</code>. The same for programs: <a href="/openapi.json">openapi.json</a>. Besides the errors named here, any call can answer ${universalErrors.map(errorLink).join(' or ')}.</p>
<nav>${list.join(' ')} <a href="#errors">errors</a></nav>${nouns.join('')}<h2 id="errors">Errors</h2>${errorTable()}</main></body></html>`
}

function routeSection(route: Route): string {
  const scope =
    route.scope === 'none' ? 'no key' : route.scope === 'optional' ? 'key if private' : `scope ${route.scope}`
  const answers = route.raw
    ? Object.entries(route.raw.answers).map(([status, words]) => `<li><b>${status}</b> ${inline(words)}</li>`)
    : Object.entries(route.responses).map(([status, schema]) => `<li><b>${status}</b> ${schemaDetails(schema)}</li>`)
  const failures = errorsOf(route).map(errorLink)
  return `<section><h3><code>${route.method} ${escapeHtml(route.path)}</code> <small>${scope}</small></h3><p>${inline(route.summary)}</p>
${route.query ? `<p>Query: ${schemaDetails(route.query)}</p>` : ''}${route.body ? `<p>Body: ${schemaDetails(route.body)}</p>` : ''}
${route.raw?.accepts ? `<p>Body: ${inline(route.raw.accepts)}</p>` : ''}<ul>${answers.join('')}</ul><p class="errors">${failures.join(' ')}</p></section>`
}

const errorLink = (code: string): string => `<a href="#${code}"><code>${code}</code></a>`

const schemaDetails = (schema: object): string =>
  `<details><summary>schema</summary><pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre></details>`

function errorTable(): string {
  const rows = Object.entries(errors).map(
    ([code, { status, message, cure }]) =>
      `<tr id="${code}"><td>${status}</td><td><code>${code}</code></td><td>${escapeHtml(message)}</td><td>${inline(cure)}</td></tr>`,
  )
  return `<table><thead><tr><th>Status</th><th>Code</th><th>Meaning</th><th>Cure</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

const inline = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')

const style = `:root{color-scheme:light dark;--text:oklch(.22 .01 255);--muted:oklch(.5 .012 255);--line:oklch(.9 .005 255);--bg:oklch(.985 .002 255);--accent:oklch(.54 .19 257)}
@media(prefers-color-scheme:dark){:root{--text:oklch(.95 .003 255);--muted:oklch(.73 .01 255);--line:oklch(.3 .008 255);--bg:oklch(.17 .006 255);--accent:oklch(.71 .15 254)}}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 ui-sans-serif,system-ui,sans-serif}main{max-width:56rem;margin:0 auto;padding:32px 16px 80px}
h1{font-size:28px;letter-spacing:-.02em}h2{font-size:20px;margin:48px 0 8px}h3{font-size:16px;margin:0}small,.errors{color:var(--muted);font-weight:400;font-size:14px}
section{border-top:1px solid var(--line);padding:16px 0}p{margin:8px 0}ul{padding-left:20px}a{color:var(--accent)}code,pre{font:14px ui-monospace,Menlo,Consolas,monospace}
pre{overflow:auto}code{overflow-wrap:anywhere}details{display:inline-block;vertical-align:top;max-width:100%}table{border-collapse:collapse;width:100%;font-size:14px}td,th{text-align:left;border-top:1px solid var(--line);padding:8px;vertical-align:top}`
