package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jbootd.persistence.Pipeline;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PipelineTest {

    private Handle handle;

    @BeforeEach
    void open() {
        handle = PostgresServer.connect(PostgresServer.shared().database());
        handle.execute("CREATE TABLE word (number BIGINT PRIMARY KEY, text VARCHAR)");
    }

    @AfterEach
    void close() {
        if (handle != null) {
            handle.close();
        }
    }

    private List<String> words() {
        return handle.createQuery("SELECT number || COALESCE(text, '-') FROM word ORDER BY number")
                .mapTo(String.class)
                .list();
    }

    @Test
    void statementsAreDoneInTheirOrderEachWithItsOwnValues() {
        Pipeline pipeline = new Pipeline();
        pipeline.add("INSERT INTO word VALUES (?, ?)", 1L, "one");
        pipeline.add("INSERT INTO word VALUES (?, ?)", 2L, null);
        pipeline.add("UPDATE word SET number = number + ? WHERE number = ?", 2L, 1L);
        pipeline.execute(handle);
        assertThat(words()).containsExactly("2-", "3one");
    }

    @Test
    void noneIsDoneBehindOneThatFails() {
        Pipeline pipeline = new Pipeline();
        pipeline.add("INSERT INTO word VALUES (?, ?)", 1L, "one");
        pipeline.add("INSERT INTO word VALUES (?, ?)", 1L, "again");
        pipeline.add("INSERT INTO word VALUES (?, ?)", 2L, "two");
        handle.begin();
        assertThatThrownBy(() -> pipeline.execute(handle))
                .isInstanceOf(UnableToExecuteStatementException.class)
                .satisfies(failure -> assertThat(Failures.isForData(failure)).isTrue());
        handle.rollback();
        assertThat(words()).isEmpty();
    }
}
