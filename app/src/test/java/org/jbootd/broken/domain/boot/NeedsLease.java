package org.jbootd.broken.domain.boot;

import org.jbootd.broken.domain.lease.NeedsBoot;

/** The other half of the cycle. */
public record NeedsLease(NeedsBoot other) {}
