'use client';

import { useState } from 'react';
import { FieldForm } from '@/components/forms/field-form';
import { Button } from '@/components/ui/button';
import { Note } from '@/components/ui/surface';
import { beginEnrolment, type EnrolmentShown, endSecondFactor, finishEnrolment } from './actions';

/** Turns the second factor on: show the code to scan, then ask for the first six digits. */
export function TurnOn() {
  const [shown, setShown] = useState<EnrolmentShown | null>(null);
  const [state, setState] = useState<'ready' | 'working' | 'failed'>('ready');
  const begin = async () => {
    setState('working');
    try {
      setShown(await beginEnrolment());
      setState('ready');
    } catch {
      setState('failed');
    }
  };
  if (!shown) {
    return (
      <>
        <Button onClick={begin} running={state === 'working' ? 'Making a code' : undefined}>
          Turn on a second factor
        </Button>
        {state === 'failed' && (
          <Note warn role="alert" className="mt-3">
            The server did not answer. Nothing was changed; try again.
          </Note>
        )}
      </>
    );
  }
  return (
    <div className="flex flex-wrap gap-6">
      {/* biome-ignore lint/performance/noImgElement: an image made for this one moment; there is nothing to optimise */}
      <img
        src={shown.image}
        alt="QR code for your authenticator app"
        className="size-40 rounded-md bg-white"
      />
      <div className="min-w-64 flex-1">
        <p className="text-pretty text-text-2">
          Scan this with your authenticator app, or type in{' '}
          <span className="code text-text">{shown.secret}</span>. Then give the six digits it shows.
        </p>
        <FieldForm
          action={finishEnrolment}
          className="mt-4 max-w-72"
          submit="Turn it on"
          running="Turning it on"
          fields={[
            {
              name: 'code',
              label: 'Code',
              inputMode: 'numeric',
              autoComplete: 'one-time-code',
              autoFocus: true,
            },
          ]}
        />
      </div>
    </div>
  );
}

/** Turns it off again, after the password. */
export function TurnOff() {
  const [asked, setAsked] = useState(false);
  if (!asked) return <Button onClick={() => setAsked(true)}>Turn it off</Button>;
  return (
    <FieldForm
      action={endSecondFactor}
      tone="plain"
      className="max-w-72"
      submit="Turn the second factor off"
      running="Turning it off"
      fields={[
        {
          name: 'current',
          label: 'Your password',
          type: 'password',
          autoComplete: 'current-password',
          autoFocus: true,
        },
      ]}
    />
  );
}
