/** Leases on disk: a journal that is the commit point, and an H2 database right behind it for questions in SQL. */
package org.jbootd.persistence;
