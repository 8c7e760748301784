import type en from './alert-words.en';

const nl: typeof en = {
  kinds: { actual: 'Echt alarm', exercise: 'Oefening', test: 'Test' },
  severities: { minor: 'Licht', moderate: 'Matig', severe: 'Ernstig', extreme: 'Levensgevaar' },
};

export default nl;
