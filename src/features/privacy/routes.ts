import { pipeline } from 'node:stream/promises'
import { Router } from 'express'
import { limitCopies } from '../../web/limits.ts'
import { faultOf, log } from '../../web/log.ts'
import { viewerOf } from '../../web/viewer.ts'
import { wordsFor } from '../../web/views.ts'
import { writeHtml, writeJson } from './pages/copy.ts'
import { myDataPage, renderMyData } from './pages/my-data.ts'
import { renderService, servicePage } from './pages/service.ts'
import { findService } from './queries.ts'
import { makeCopy } from './service.ts'

export const privacyRoutes = Router()

privacyRoutes.get('/my-data', async (_req, res) => {
  await renderMyData(res, myDataPage(wordsFor(res)))
})

privacyRoutes.use('/my-data/copy.zip', limitCopies)
privacyRoutes.get('/my-data/copy.zip', async (req, res) => {
  const words = wordsFor(res)
  const copy = await makeCopy(viewerOf(req), [
    { name: 'my-data.html', write: (own) => writeHtml(words, own) },
    { name: 'my-data.json', write: writeJson },
  ])
  res.attachment('my-data.zip').type('application/zip').set('Cache-Control', 'no-store, no-transform')
  await pipeline(copy, res).catch((error: unknown) => {
    const { code } = error as { code?: unknown }
    // Somebody who goes away in the middle is no fault; half an answer tells a browser that it is only half.
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE') log.error({ err: faultOf(error) }, 'a copy could not be made')
  })
})

privacyRoutes.get('/my-data/service', async (req, res) => {
  await renderService(res, servicePage(wordsFor(res), await findService(viewerOf(req))))
})
