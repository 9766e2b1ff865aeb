const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope'

/** What we may ask a platform for, by the names of the specifications (AGS 2.0 3.1, NRPS 2.0 2.3). */
export const SCOPE = {
  lineItem: `${AGS}/lineitem`,
  readLineItem: `${AGS}/lineitem.readonly`,
  readResult: `${AGS}/result.readonly`,
  score: `${AGS}/score`,
  memberships: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
} as const
