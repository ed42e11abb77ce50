package org.jbootd.broken.domain.lease;

import org.jbootd.broken.domain.boot.NeedsLease;

/** Breaks, with {@link NeedsLease}: the chapters of the domain form no cycle. */
public record NeedsBoot(NeedsLease other) {}
