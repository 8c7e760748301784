/**
 * Where: the first step of an alert, behind the button in the navigation. One press on a place goes on to what it says; its plus collects several.
 * The map shows the same geofences. Three presses from opening the app to a countdown: the button, the place, the text.
 */
import { useEffect } from 'preact/hooks';
import { connection } from '../../api';
import { at, navigate, setQuery } from '../../app/router';
import { hasModule } from '../../app/session';
import { currentFences, MapView } from '../../map';
import { choices, type Chosen, nobody, toggled } from '../../messaging/target';
import { groups, sites } from '../../people';
import { Button, ButtonLink, Choice, Empty, Icon, Notice, Page, Skeleton } from '../../ui';
import './alerts.css';
import { count } from './counts';
import { change, choose, draft } from './draft';
import { KindChoice } from './kind-choice';
import { alone, fencePlaces, fencesOnMap, groupPlaces, onSite, type Place } from './places';
import { beginAnew, openSettings } from './store';
import { t } from './words';

const goOn = (chosen: Chosen) => {
  choose(chosen);
  navigate('/alert/what');
};

function Card({ place, chosen }: { place: Place; chosen: Chosen }) {
  const words = t();
  const isIn = place.isIn(chosen);
  return (
    <li class={isIn ? 'place chosen' : 'place'}>
      <button
        type="button"
        class="place-go"
        onClick={() => goOn(isIn ? chosen : choices(chosen) > 0 ? place.toggle(chosen) : alone(place))}
      >
        <Icon name={place.icon} />
        <span class="place-name">
          <strong>{place.name}</strong>
          <span class="muted small">{[place.more, place.people !== null && words.people(place.people)].filter(Boolean).join(' · ')}</span>
        </span>
      </button>
      <Button
        look="quiet"
        icon={isIn ? 'check' : 'add'}
        label={isIn ? words.takeOut(place.name) : words.addToo(place.name)}
        pressed={isIn}
        onClick={() => choose(place.toggle(chosen))}
      />
    </li>
  );
}

function Cards({ title, places, chosen }: { title: string; places: readonly Place[]; chosen: Chosen }) {
  if (places.length === 0) return null;
  return (
    <section class="stack tight">
      <h2>{title}</h2>
      <ul class="places">
        {places.map((place) => (
          <Card key={place.key} place={place} chosen={chosen} />
        ))}
      </ul>
    </section>
  );
}

/** At the foot, once something was collected. */
function Collected({ chosen }: { chosen: Chosen }) {
  const words = t();
  const many = choices(chosen);
  if (many === 0) return null;
  return (
    <div class="alert-foot">
      <span role="status">{words.chosen(many)}</span>
      <Button look="quiet" onClick={() => choose(nobody)}>
        {words.clear}
      </Button>
      <ButtonLink look="primary" icon="arrowRight" href="/alert/what">
        {words.next}
      </ButtonLink>
    </div>
  );
}

function OnMap({ chosen }: { chosen: Chosen }) {
  const fences = fencesOnMap(chosen);
  return (
    <div class="alert-map">
      <MapView
        label={t().mapOf(fences.length)}
        fences={fences}
        selected={chosen.fences.at(-1) ?? null}
        onSelect={(id) => id && choose(toggled(chosen, 'fences', id))}
      />
      <p class="hint">{t().mapHint}</p>
    </div>
  );
}

export default function Where() {
  const words = t();
  const { chosen, exercise } = draft.value;
  const hasFences = hasModule('geofence');
  const view = at.value.query.get('view') === 'map' && hasFences ? 'map' : 'list';
  useEffect(() => {
    beginAnew();
    openSettings();
    // The rest of the way is fetched at once: whoever begins an alert may lose the network in the middle of it.
    for (const step of [() => import('./what'), () => import('../board')]) void step().catch(() => undefined);
    void groups().open();
    void sites().open();
    if (hasFences) void currentFences().open();
  }, []);
  const fences = hasFences ? fencePlaces() : [];
  const everyone = hasFences ? [onSite(words.onSite)] : [];
  const known = [...everyone, ...fences, ...groupPlaces()];
  const isLoading = groups().loading.value && groups().value.value === null;
  const names = known.map((place) => place.key).join();
  useEffect(() => count([...everyone, ...fences].map((place) => place.target)), [names]);
  return (
    <Page
      title={words.title}
      about={words.whereAbout}
      actions={
        <ButtonLink look="quiet" icon="list" href="/alerts">
          {words.allAlerts}
        </ButtonLink>
      }
    >
      <KindChoice value={exercise} onValue={(next) => change({ exercise: next })} />
      {connection.value !== 'online' && <Notice tone="warn">{words.offline}</Notice>}
      {hasFences && (
        <Choice
          quiet
          label={words.how}
          value={view}
          options={[
            { value: 'list', label: words.asList },
            { value: 'map', label: words.asMap },
          ]}
          onValue={(next) => setQuery({ view: next === 'map' ? 'map' : null })}
        />
      )}
      {view === 'map' ? (
        <OnMap chosen={chosen} />
      ) : isLoading ? (
        <Skeleton lines={6} />
      ) : known.length === 0 ? (
        <Empty icon="group" title={words.nowhere.title}>
          {words.nowhere.text}
        </Empty>
      ) : (
        <>
          {hasFences && <Cards title={words.places} places={[...everyone, ...fences]} chosen={chosen} />}
          <Cards title={words.groups} places={groupPlaces()} chosen={chosen} />
        </>
      )}
      <div class="actions start">
        {hasFences && (
          <ButtonLink icon="corners" href="/alert/area">
            {chosen.area ? words.changeArea : words.drawArea}
          </ButtonLink>
        )}
        <ButtonLink look="quiet" icon="settings" href="/alert/more">
          {words.more}
        </ButtonLink>
      </div>
      <Collected chosen={chosen} />
    </Page>
  );
}
