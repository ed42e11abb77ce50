package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** What the other tests here stand on. */
class PostgresServerTest {

    @Test
    void whatWasCommittedIsThereAfterAKill() {
        try (PostgresServer server = PostgresServer.own()) {
            String url = server.database();
            try (Handle handle = PostgresServer.connect(url)) {
                handle.execute("SET synchronous_commit = on");
                handle.execute("CREATE TABLE kept (what VARCHAR)");
                handle.execute("INSERT INTO kept VALUES ('this')");
            }
            server.kill();
            server.restart();
            try (Handle handle = PostgresServer.connect(url)) {
                assertThat(handle.createQuery("SELECT what FROM kept")
                                .mapTo(String.class)
                                .list())
                        .containsExactly("this");
            }
        }
    }
}
