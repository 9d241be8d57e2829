import { describe, expect, it } from 'vitest';
import { editOf, readDecimal, readEdit } from './line-edit';
import type { ActLine } from './types';

const line: ActLine = {
  id: 'f1',
  name: 'Minutes',
  detail: null,
  units: '14260',
  amountMinor: '22520',
  leftMinor: '22520',
  changed: null,
};

describe('a typed change of a line', () => {
  it('reads decimals without doubt only', () => {
    expect(['12', '1,234.5', ' 0.02 ', '1.5'].map(readDecimal)).toEqual(['12', '1234.5', '0.02', '1.5']);
    expect(['', '1,5', '-1', '1e3', '1.', 'many'].map(readDecimal)).toEqual(Array(6).fill(null));
  });

  it('asks for what differs, and for nothing when nothing does', () => {
    const edit = editOf(line);
    expect(readEdit(line, edit)).toEqual({ change: {} });
    expect(readEdit(line, { ...edit, units: '14,000' })).toEqual({ change: { units: '14000' } });
    expect(readEdit(line, { ...edit, name: 'Minutes, agreed' })).toEqual({
      change: { invoice_display_name: 'Minutes, agreed' },
    });
    expect(readEdit(line, { ...edit, price: '0.01' })).toEqual({
      change: { units: '14260', unit_precise_amount: '0.01' },
    });
    expect(readEdit(line, { ...edit, units: 'x' })).toHaveProperty('hint');
    expect(readEdit(line, { ...edit, name: ' ' })).toHaveProperty('hint');
  });

  it('keeps what was changed before when something else is changed', () => {
    const changed = {
      ...line,
      name: 'Minutes, agreed',
      changed: { units: '14000', unitPrice: '0.01', name: 'Minutes, agreed' },
    };
    expect(readEdit(changed, editOf(changed))).toEqual({ change: {} });
    expect(readEdit(changed, { ...editOf(changed), units: '13000' })).toEqual({
      change: { units: '13000', unit_precise_amount: '0.01', invoice_display_name: 'Minutes, agreed' },
    });
    // The price taken out again: what was counted by hand stays.
    expect(readEdit(changed, { ...editOf(changed), price: '' })).toEqual({
      change: { units: '14000', invoice_display_name: 'Minutes, agreed' },
    });
  });
});
