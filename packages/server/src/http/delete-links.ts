import { deleteLinkRoutes } from '@imagehost/contract/delete-links'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { DeleteLinks } from '../services/delete-links.ts'
import { escapeHtml } from './escape-html.ts'
import { type MountDependencies, mount } from './mount.ts'
import { sendPage } from './pages/page.ts'

/**
 * The first request only asks: programs that look at every link in a message, to show what is behind it, must not delete
 * anything.
 */
export function deleteLinksHttp(app: FastifyInstance, deps: MountDependencies, deleteLinks: DeleteLinks): void {
  app.register(async (scope) => {
    // Of the form nothing is read: that it was sent is the answer.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    mount(scope, deleteLinkRoutes, deps, {
      ask: async ({ params }, { reply }) => {
        const image = await deleteLinks.find(params.token)
        if (!image) return sendGone(reply)
        const title = `Delete ${image.title ?? image.originalFilename ?? image.filename}`
        const body = `<h1>${escapeHtml(title)}</h1>
<p>It ends at once and for good, at every address.</p>
<form method="post"><button class="danger">Delete</button></form>`
        return sendPage(reply, 200, { title, body })
      },
      delete: async ({ params }, { reply }) => {
        if (!(await deleteLinks.redeem(params.token))) return sendGone(reply)
        return sendPage(reply, 200, { title: 'Deleted', body: '<h1>Deleted</h1>\n<p>Its link leads nowhere now.</p>' })
      },
    })
  })
}

const sendGone = (reply: FastifyReply): FastifyReply =>
  sendPage(reply, 404, { title: 'Nothing here', body: '<h1>Nothing here</h1>\n<p>This picture is gone already.</p>' })
