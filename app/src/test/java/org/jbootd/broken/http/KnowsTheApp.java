package org.jbootd.broken.http;

import org.jbootd.broken.app.Wiring;

/** Breaks: what adapters share knows nobody. */
public record KnowsTheApp(Wiring wiring) {}
