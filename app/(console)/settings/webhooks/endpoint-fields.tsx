import { Checkbox } from '@/components/ui/checkbox';
import { SelectField, TextField } from '@/components/ui/field';

interface EndpointFieldsProps {
  values: { url?: string; name?: string; algo?: string };
  errors?: Record<string, string>;
  /** Every type there is, and those asked for; none asked for is every one. */
  types: readonly string[];
  asked: readonly string[];
}

/** The fields of an endpoint, for a new one and for a change. */
export function EndpointFields({ values, errors, types, asked }: EndpointFieldsProps) {
  return (
    <>
      <TextField
        name="url"
        label="Address"
        hint="Where messages are posted, for example https://example.com/webhooks."
        inputMode="url"
        required
        autoComplete="off"
        spellCheck={false}
        maxLength={2_000}
        error={errors?.url}
        defaultValue={values.url}
      />
      <TextField
        name="name"
        label="Name"
        hint="For this list only."
        autoComplete="off"
        maxLength={255}
        error={errors?.name}
        defaultValue={values.name}
      />
      <SelectField
        name="algo"
        label="Lago’s signature"
        key={values.algo}
        defaultValue={values.algo ?? 'jwt'}
        hint="Beside it every message carries Standard Webhooks headers."
      >
        <option value="jwt">RS256, checked with the public key</option>
        <option value="hmac">HMAC, checked with the secret</option>
      </SelectField>
      <details>
        <summary className="cursor-pointer font-medium">
          Which events <span className="font-normal text-text-3">{said(asked)}</span>
        </summary>
        <fieldset className="mt-2 max-h-72 min-w-0 space-y-1 overflow-y-auto border-y border-hair py-2">
          <legend className="float-left mb-2 w-full text-xs text-text-3">
            Tick none to be told of every event.
          </legend>
          {types.map((type) => (
            <Checkbox
              key={type}
              name="types"
              value={type}
              defaultChecked={asked.includes(type)}
              className="clear-both py-0.5"
            >
              <span className="code">{type}</span>
            </Checkbox>
          ))}
        </fieldset>
      </details>
    </>
  );
}

function said(asked: readonly string[]): string {
  return asked.length === 0 ? 'every one' : `${asked.length} chosen`;
}
