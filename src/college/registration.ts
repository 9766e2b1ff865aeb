/** The one tool of this college, as its administrator entered it: a fixed registration, so that both sides know it. */
export const COLLEGE_NAME = 'Demo college'
export const CLIENT_ID = 'DemoCollege0001'
export const DEPLOYMENT_ID = '1'

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
