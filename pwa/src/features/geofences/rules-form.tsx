import { useEffect } from 'preact/hooks';
import { NumberField, Select } from '../../ui';
import { ruleValue } from './rule-words';
import { type Numbers, rules } from './store';
import { t } from './words';

interface RuleField {
  name: keyof typeof FACTORS;
  unit: 's' | 'min' | 'h' | 'm' | 'pings';
  min: number;
  max: number;
}

/** How many of the API's unit one of ours is. */
const FACTORS = {
  enter_after_s: 1,
  leave_after_pings: 1,
  leave_after_s: 1,
  leave_margin_m: 1,
  unknown_after_s: 60,
  assume_left_after_s: 3_600,
} as const;
const BEFORE: readonly RuleField[] = [
  { name: 'enter_after_s', unit: 's', min: 0, max: 86_400 },
  { name: 'leave_after_pings', unit: 'pings', min: 2, max: 100 },
  { name: 'leave_after_s', unit: 's', min: 30, max: 86_400 },
  { name: 'leave_margin_m', unit: 'm', min: 0, max: 1_000 },
];
const AFTER: readonly RuleField[] = [
  { name: 'unknown_after_s', unit: 'min', min: 0, max: 10_080 },
  { name: 'assume_left_after_s', unit: 'h', min: 0, max: 168 },
];
const ACCURACIES_M = [5, 10, 25, 50, 100, 200, 500] as const;

interface RulesFormProps {
  value: Numbers;
  onValue: (value: Numbers) => void;
  /** Field (`leave_after_s`) to what is wrong with it. */
  errors: ReadonlyMap<string, string>;
}

/** A geofence's own rules; what is left empty follows the organization. */
export function RulesForm({ value, onValue, errors }: RulesFormProps) {
  useEffect(() => void rules().open(), []);
  const effective = rules().value.value?.effective ?? {};
  const words = t().rules;
  const change = (name: string, next: number | null) => {
    const { [name]: _before, ...rest } = value;
    onValue(next === null || Number.isNaN(next) ? rest : { ...rest, [name]: next });
  };
  const follows = (name: string) => (effective[name] === undefined ? undefined : words.follows(ruleValue(name, effective[name])));
  const field = ({ name, unit, min, max }: RuleField) => (
    <NumberField
      key={name}
      name={name}
      label={words[name]}
      unit={words.units[unit]}
      value={value[name] === undefined ? null : value[name] / FACTORS[name]}
      onValue={(number) => change(name, number === null ? null : Math.round(number * FACTORS[name]))}
      {...{ min, max }}
      step="any"
      hint={follows(name)}
      error={errors.get(name)}
    />
  );
  return (
    <>
      <p class="hint">{words.fieldsAbout}</p>
      {BEFORE.map(field)}
      <Select
        name="max_accuracy_m"
        required={false}
        label={words.max_accuracy_m}
        value={String(value['max_accuracy_m'] ?? '')}
        options={[
          {
            value: '',
            label: words.asOrganization(
              effective['max_accuracy_m'] === undefined ? '' : ruleValue('max_accuracy_m', effective['max_accuracy_m']),
            ),
          },
          ...ACCURACIES_M.map((metres) => ({ value: String(metres), label: ruleValue('max_accuracy_m', metres) })),
        ]}
        onValue={(chosen) => change('max_accuracy_m', chosen ? Number(chosen) : null)}
        error={errors.get('max_accuracy_m')}
      />
      {AFTER.map(field)}
    </>
  );
}
