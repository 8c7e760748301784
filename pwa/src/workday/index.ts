/** Workdays as every screen about hours shows them. Knows no feature. */
import './workday.css';

export { axisOf, type Axis, clockedInSince, questionsOf, type Workday } from './axis';
export { DayBar, Legend, Scale } from './bar';
export { changeOf, changeSaid, CorrectionShown } from './correction';
export { DayShown, DayStatus, questionsSaid, timesSaid } from './day';
export { Exports } from './exports';
export { addDays, datesOf, momentOf, type Period, periodOf, type View } from './period';
export { PeriodBar, periodHere, periodSaid } from './period-bar';
export { type About, ProposeDialog } from './propose';
export { hoursOf, spansSaid, timeOn } from './said';
export { arriving, type Correction, type PersonDays, type Question, questions, send, type Sent, why, workdays } from './store';
export { Updated } from './updated';
export { Disclosure, endSaid, StaySeen, WhyLines } from './why';
