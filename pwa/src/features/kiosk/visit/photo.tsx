import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button, Icon } from '../../../ui';
import { t } from './words';

const LONGEST_PX = 640;
const QUALITY = 0.8;

interface Props {
  label: string;
  hint: string;
  /** A small JPEG in base64; empty: none. */
  value: string;
  onValue: (value: string) => void;
  required: boolean;
}

/** What the camera sees now, small. A drawing has no metadata. */
function picture(video: HTMLVideoElement): string {
  const canvas = document.createElement('canvas');
  const scale = Math.min(1, LONGEST_PX / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/jpeg', QUALITY).split(',')[1] ?? '';
}

/** The camera while it is wanted. */
function Camera({ onTaken, onFailed }: { onTaken: (taken: string) => void; onFailed: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let isOver = false;
    const end = () => stream?.getTracks().forEach((track) => track.stop());
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user' }, audio: false });
      if (isOver || !video.current) return end();
      video.current.srcObject = stream;
      await video.current.play();
    };
    void begin().catch(() => isOver || onFailed());
    return () => {
      isOver = true;
      end();
    };
  }, []);
  const words = t().photo;
  return (
    <>
      <video ref={video} class="view mirrored" muted playsInline aria-label={words.look} />
      <Button look="primary" wide onClick={() => video.current?.videoWidth && onTaken(picture(video.current))}>
        {words.take}
      </Button>
    </>
  );
}

/** A photo of whoever stands here, taken here; there is nothing to upload. */
export function Photo({ label, hint, value, onValue, required }: Props) {
  const isOpen = useSignal(false);
  const hasFailed = useSignal(false);
  const words = t().photo;
  const open = () => {
    hasFailed.value = false;
    isOpen.value = true;
  };
  return (
    <div class="field photo" role="group" aria-label={label}>
      <strong>{label}</strong>
      <p class="hint">{hint}</p>
      {hasFailed.value && (
        <p class="error" role="alert">
          <Icon name="alert" /> {words.failed}
        </p>
      )}
      {isOpen.value ? (
        <Camera
          onTaken={(taken) => {
            onValue(taken);
            isOpen.value = false;
          }}
          onFailed={() => {
            hasFailed.value = true;
            isOpen.value = false;
          }}
        />
      ) : (
        <>
          {value && <img src={`data:image/jpeg;base64,${value}`} alt={words.yours} />}
          <div class="actions">
            <Button icon="person" onClick={open}>
              {value ? words.again : words.start}
            </Button>
            {value && !required && <Button onClick={() => onValue('')}>{words.remove}</Button>}
          </div>
        </>
      )}
    </div>
  );
}
