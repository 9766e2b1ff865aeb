import type { Case } from './case.ts'
import { loginCases } from './security-login.ts'
import { platformCases } from './security-platforms.ts'
import { tokenCases } from './security-token.ts'

/** OIDC and security cases beyond the certification suite (Security Framework 1.0 5.1, ASVS 5 V9 and V10). */
export const security: Case[] = [...loginCases, ...tokenCases, ...platformCases]
