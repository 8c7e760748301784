/** Agreements and the deny list, kept on the device as they were last. */
import { readAgreements, readDenied } from '../../api/visits';
import { snapshot } from '../../offline/snapshot';

export const agreements = () => snapshot('agreements', async () => ({ value: await readAgreements() }));
export const denied = () => snapshot('deny-list', async () => ({ value: await readDenied() }));
