import { z } from 'zod'
import { calendarDay, key, line } from '../../web/forms.ts'

const email = z.email(key('programmes.errors.email')).max(254, key('programmes.errors.email'))

export const programmeForm = z
  .object({
    title: line(120, { missing: key('programmes.errors.title'), long: key('programmes.errors.titleLong') }),
    startsOn: calendarDay(key('programmes.errors.startsOn')),
    endsOn: calendarDay(key('programmes.errors.endsOn')),
    coordinatorName: line(150, { missing: key('programmes.errors.name'), long: key('programmes.errors.nameLong') }),
    coordinatorPhone: line(40, {
      missing: key('programmes.errors.phone'),
      long: key('programmes.errors.phoneLong'),
    }).refine(
      (phone) => /^[+()\d /.-]*\d{3}[+()\d /.-]*( ?(ext\.?|x) ?\d+)?$/i.test(phone),
      key('programmes.errors.phone'),
    ),
    coordinatorEmail: z.string(key('programmes.errors.email')).trim().pipe(email),
    minimumContacts: z.coerce
      .number(key('programmes.errors.minimum'))
      .int(key('programmes.errors.minimum'))
      .min(1, key('programmes.errors.minimum'))
      .max(20, key('programmes.errors.minimum')),
  })
  .refine(({ startsOn, endsOn }) => endsOn >= startsOn, {
    path: ['endsOn'],
    message: key('programmes.errors.endsBefore'),
  })
export type ProgrammeForm = z.infer<typeof programmeForm>
