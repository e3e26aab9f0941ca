// Money is compared as whole numbers of 1e-8, never as floating point.
export function e8 (text) {
    const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec (String (text));
    if (!match) throw new Error (`not a decimal: ${text}`);
    const [, sign, whole, fraction = ''] = match;
    if (/[^0]/.test (fraction.slice (8))) throw new Error (`finer than 1e-8: ${text}`);
    const value = BigInt (whole) * 100000000n + BigInt (fraction.slice (0, 8).padEnd (8, '0'));
    return sign ? -value : value;
}

export function sum (values) {
    return values.reduce ((total, value) => total + value, 0n);
}
