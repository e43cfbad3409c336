import { PostgresServer, postgresPrograms } from "../test/support/postgres-server.ts";
const s = await PostgresServer.open(postgresPrograms()!, "/tmp/sky/postgresql", ["-c","shared_buffers=1GB","-c","max_wal_size=4GB"]);
console.log(JSON.stringify(s.settings("sky")));
setInterval(()=>{},1000);
