import { Checkbox } from '@/components/ui/checkbox';

export interface RoleOption {
  role: string;
  name: string;
}

/** Tick boxes for the six roles; a person may hold several. */
export function RoleBoxes({
  roles,
  held,
  error,
}: {
  roles: readonly RoleOption[];
  held: readonly string[];
  error?: string;
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">Roles</legend>
      <div className="grid grid-cols-2 gap-x-4 gap-y-2">
        {roles.map(({ role, name }) => (
          <Checkbox key={role} name="roles" value={role} defaultChecked={held.includes(role)}>
            {name}
          </Checkbox>
        ))}
      </div>
      {error && (
        <p role="alert" className="mt-1.5 text-xs text-bad">
          {error}
        </p>
      )}
    </fieldset>
  );
}
