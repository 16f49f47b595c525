// Keeps the hashed files of one build and a page that says that there is no connection; never what the API answers, and
// nobody's pictures. The name of the build is put in when it is built, so that another build is another worker.
const kept = 'app-BUILD'
const offline = '/offline.html'
/** Pictures that another program has shared, until the page is there to take them. */
const shared = []

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll([offline, '/offline.css'])))
  self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== location.origin) return
  if (request.method === 'POST' && pathname === '/shared-files') event.respondWith(takeShared(request))
  else if (request.method !== 'GET') return
  else if (pathname.startsWith('/assets/') || pathname === '/offline.css') event.respondWith(fromCache(request))
  else if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => caches.match(offline)))
})

// The page is there, and asks for what was shared.
self.addEventListener('message', ({ source }) => source.postMessage({ shared: shared.splice(0) }))

async function takeShared(request) {
  const form = await request.formData()
  shared.push(...form.getAll('files').filter((file) => file instanceof File))
  return Response.redirect('/', 303)
}

/** Their names change with what is in them. */
async function fromCache(request) {
  const known = await caches.match(request)
  if (known) return known
  const answer = await fetch(request)
  if (answer.ok) await (await caches.open(kept)).put(request, answer.clone())
  return answer
}

async function forgetOthers() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== kept).map((name) => caches.delete(name)))
}
