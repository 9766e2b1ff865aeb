/** What we use of ltijs 5.9.9. Its published types describe version 4. */
declare module 'ltijs' {
  import type { KeyObject } from 'node:crypto'
  import type { NextFunction, Request, RequestHandler, Response } from 'express'

  type Plugin = Record<'setup' | 'Close' | 'Insert' | 'Replace' | 'Modify' | 'Delete', () => Promise<boolean>> & {
    Get: (key: unknown, table: string, query?: { platformUrl?: unknown; clientId?: unknown }) => Promise<unknown>
  }
  type Refusal = (req: Request, res: Response, next: NextFunction) => void
  type Provider = {
    app: RequestHandler
    setup: (key: KeyObject, database: { plugin: Plugin }, options: Record<string, unknown>) => void
    onConnect: (handler: (token: unknown, req: Request, res: Response, next: NextFunction) => void) => void
    onDeepLinking: (handler: (token: unknown, req: Request, res: Response, next: NextFunction) => void) => void
    onInvalidToken: (handler: Refusal) => void
    onSessionTimeout: (handler: Refusal) => void
    onUnregisteredPlatform: (handler: Refusal) => void
    onInactivePlatform: (handler: Refusal) => void
    deploy: (options: { serverless: true; silent: true }) => Promise<boolean>
  }
  const ltijs: { Provider: Provider }
  export default ltijs
}
