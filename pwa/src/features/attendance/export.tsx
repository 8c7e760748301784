import { at } from '../../app/router';
import { dayOf } from '../../i18n';
import { Page } from '../../ui';
import { Exports, periodOf } from '../../workday';
import { t } from './words';

/** Hours, stays or punches of everybody or a group, as a file. */
export default function ExportScreen() {
  const words = t();
  const { query } = at.value;
  const month = periodOf('month', dayOf(Date.now()));
  const asked = { first: query.get('first') ?? month.first, last: query.get('last') ?? month.last, group_id: query.get('group') ?? '' };
  return (
    <Page title={words.export} about={words.exportAbout} back={{ href: '/attendance', label: words.title }}>
      <Exports person_id={null} asked={asked} />
    </Page>
  );
}
