/** A small one, as browsers tell of it. */
export const phoneScreen = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const
