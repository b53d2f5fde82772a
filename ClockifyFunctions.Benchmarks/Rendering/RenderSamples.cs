namespace ClockifyFunctions.Benchmarks.Rendering;

/// <summary>Records as people send them, one kind for each of the endpoints that are measured.</summary>
internal static class RenderSamples
{
    private const string Id = "66f1a0c2b7d14e3a9c5d0b01";

    public static readonly string[] Endpoints =
    [
        "createTimeEntry", "updateTimeEntry", "deleteTimeEntry", "stopTimer", "createProject", "updateProject", "deleteProject", "createTask", "updateTask", "deleteTask",
        "createClient", "updateClient", "deleteClient", "createTag", "updateTag", "deleteTag",
    ];

    /// <summary>The case of records that have to be mapped and converted.</summary>
    public const string Mapped = "mapping, dates, durations";

    public const string Mapping = """{"start":{"date":"Day","time":"From","format":"dd.MM.yyyy HH:mm"},"duration":"Hours","description":"What","billable":"Billable","tagIds":{"from":"Labels","split":","}}""";

    public static string Of(string endpoint, int number) => endpoint switch
    {
        Mapped => $$"""{"Day":"30.07.2026","From":"12:20","Hours":"1,5","What":"Review of change {{number}}","Billable":"ja","Labels":"{{Id}}, {{Id}}"}""",
        "createTimeEntry" => $$"""{"start":"2026-07-10T05:30:00Z","end":"2026-07-10T06:30:00Z","description":"Review of change {{number}}","projectId":"{{Id}}","taskId":"{{Id}}","tagIds":["{{Id}}"],"billable":true,"type":"REGULAR"}""",
        "updateTimeEntry" => $$"""{"id":"{{Id}}","start":"2026-07-10T05:00:00+02:00","end":"2026-07-10T06:30:00+02:00","description":"Review of change {{number}}","billable":false}""",
        "stopTimer" => """{"end":"2026-07-10T07:00:00Z"}""",
        "createProject" => $$"""{"name":"Bridge {{number}}","clientId":"{{Id}}","color":"#AB47BC","isPublic":true,"billable":false,"note":"From the archive"}""",
        "updateProject" => $$"""{"id":"{{Id}}","name":"Website {{number}}","archived":true}""",
        "createTask" => $$"""{"name":"Paint {{number}}","estimate":"PT2H","status":"ACTIVE","assigneeIds":["{{Id}}"]}""",
        "updateTask" => $$"""{"id":"{{Id}}","name":"Deck {{number}}","status":"DONE","billable":true}""",
        "createClient" => $$"""{"name":"Umbrella {{number}}","email":"u@example.com","address":"Street 1","note":"From the archive"}""",
        "updateClient" => $$"""{"id":"{{Id}}","name":"Acme {{number}}","ccEmails":["a@example.com"]}""",
        "createTag" => $$"""{"name":"Sprint {{number}}"}""",
        "updateTag" => $$"""{"id":"{{Id}}","name":"Sprint {{number}}","archived":false}""",
        "deleteTimeEntry" or "deleteProject" or "deleteTask" or "deleteClient" or "deleteTag" => $$"""{"id":"{{Id}}"}""",
        _ => $$"""{"number":{{number}},"name":"Thing {{number}}","when":"2026-07-10T05:30:00Z","tags":["a","b"],"size":{"width":1.5,"height":2} }""",
    };
}
