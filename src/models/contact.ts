export const CHANNELS = ['face_to_face', 'telephone', 'text', 'email', 'forum', 'shadowing', 'moodle', 'other'] as const
/** How two people were in touch, or mean to be. */
export type Channel = (typeof CHANNELS)[number]
export type ContactState = 'recorded' | 'presumed' | 'confirmed' | 'disputed' | 'upheld' | 'withdrawn'
