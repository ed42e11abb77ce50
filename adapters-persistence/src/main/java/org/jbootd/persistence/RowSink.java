package org.jbootd.persistence;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Where rows for statements go. */
interface RowSink {

    /** @param chain gives each row its link, which goes to the last column; empty when rows are not linked */
    Rows rows(RowStatement statement, Optional<HashChain> chain);

    default Rows rows(RowStatement statement) {
        return rows(statement, Optional.empty());
    }

    /** To any database, a statement at a time. */
    static RowSink of(Handle handle) {
        return (statement, chain) -> new RowBatch(handle, statement.forEach(), chain);
    }
}
