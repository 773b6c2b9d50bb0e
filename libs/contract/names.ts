/** `orderLine` → `OrderLine` */
export const typeName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
/** `totalAmount` → `TOTAL_AMOUNT` */
export const enumCase = (name: string): string => name.replaceAll(/[A-Z]/g, (c) => `_${c}`).toUpperCase();
