export default {
  kinds: { actual: 'Actual alert', exercise: 'Exercise', test: 'Test' },
  severities: { minor: 'Minor', moderate: 'Moderate', severe: 'Severe', extreme: 'Extreme' },
};
