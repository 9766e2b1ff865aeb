const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope'
export const SCOPES = {
  lineItem: `${AGS}/lineitem`,
  lineItemReadOnly: `${AGS}/lineitem.readonly`,
  resultReadOnly: `${AGS}/result.readonly`,
  score: `${AGS}/score`,
  memberships: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
}

/** What a launch says about grades, in Moodle's order (AGS 2.0 3.1). */
export const GRADE_SCOPES = [SCOPES.lineItem, SCOPES.lineItemReadOnly, SCOPES.resultReadOnly, SCOPES.score]
