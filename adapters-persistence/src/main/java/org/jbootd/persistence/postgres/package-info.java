/** Leases in a PostgreSQL database, which several servers may share. See docs/cluster.md. */
package org.jbootd.persistence.postgres;
