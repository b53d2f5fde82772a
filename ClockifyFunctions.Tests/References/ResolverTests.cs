using ClockifyFunctions.Destinations;
using ClockifyFunctions.References;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.References;

/// <summary>Resolution of the names in a record with the lists in memory.</summary>
public sealed class ResolverTests
{
    private const string Workspace = "64a687e29ae1f428e7ebe303", Acme = "66f1a0c2b7d14e3a9c5d0c01", Globex = "66f1a0c2b7d14e3a9c5d0c02", First = "66f1a0c2b7d14e3a9c5d0b01", Second = "66f1a0c2b7d14e3a9c5d0b02";

    private readonly Known _known = new();

    [Fact]
    public void AnUnknownListIsRequestedAfterItsParent()
    {
        var destination = Destination("""{"client":"C","project":{"from":"P","within":"client"},"tags":"T"}""");
        Assert.Equal(["clients", "tags"], Needs(destination, """{"C":"Acme","P":"Website","T":"x"}"""));
        _known.Add("clients", $$"""{"id":"{{Acme}}","name":"Acme"}""");
        _known.Add("tags", """{"id":"66f1a0c2b7d14e3a9c5d0d01","name":"x"}""");
        Assert.Equal(["projects"], Needs(destination, """{"C":"Acme","P":"Website","T":"x"}"""));
    }

    [Theory]
    [InlineData("Acme", First)]
    [InlineData("globex", Second)]
    public void TheParentDecidesBetweenTwoCandidates(string client, string expected)
    {
        Fill();
        Assert.Equal([expected], Ready(Destination("""{"client":"C","project":{"from":"P","within":"client"}}"""), $$"""{"C":"{{client}}","P":"Website"}""").Resolved.Ids["project"]);
    }

    [Fact]
    public void WithoutTheParentTwoCandidatesAreAmbiguousAndTheRemedyIsNew()
    {
        Fill();
        Assert.EndsWith("Specify the client too: references.project.within = \"client\".", Refused("""{"project":"P"}""", """{"P":"Website"}"""), StringComparison.Ordinal);
        Assert.EndsWith("Specify the client too, in the attribute 'C'.", Refused("""{"client":"C","project":{"from":"P","within":"client"}}""", """{"C":"","P":"Website"}"""), StringComparison.Ordinal);
        Assert.Contains($"{First} (\"Acme\"), {Second} (\"Globex\")", Refused("""{"client":"C","project":{"from":"P","within":"client"}}""", """{"P":"Website"}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"P":"66f1a0c2b7d14e3a9c5d0bff"}""", """["66f1a0c2b7d14e3a9c5d0bff"]""")]
    [InlineData("""{"P":""}""", null)]
    [InlineData("""{"P":null}""", null)]
    [InlineData("{}", null)]
    public void AnIdIsUsedUnchangedAndAnEmptyValueGivesNoId(string record, string? expected)
    {
        var ids = Ready(Destination("""{"project":"P"}"""), record).Resolved.Ids;
        Assert.Equal(expected, ids.TryGetValue("project", out var found) ? $"[{string.Join(",", found.Select(id => $"\"{id}\""))}]" : null);
    }

    [Theory]
    [InlineData("""{"T":"a; b;;a"}""", "1,2")]
    [InlineData("""{"T":["b","a"]}""", "2,1")]
    [InlineData("""{"T":["A",""]}""", "1")]
    public void AListKeepsTheOrderOfTheRecordWithoutRepetitions(string record, string expected)
    {
        _known.Add("tags", """{"id":"1","name":"a"}""", """{"id":"2","name":"b"}""");
        Assert.Equal(expected, string.Join(',', Ready(Destination("""{"tags":{"from":"T","split":";"}}"""), record).Resolved.Ids["tags"]));
    }

    [Theory]
    [InlineData("""{"P":{"name":"x"}}""", "invalid: 'P' is an object; send text.")]
    [InlineData("""{"P":["x"]}""", "invalid: 'P' is a list; send text.")]
    public void AnInvalidNameIsRefused(string record, string expected) => Assert.Equal(expected, Refused("""{"project":"P"}""", record));

    [Fact]
    public void AnOmittedReferenceIsAWarning()
    {
        Fill();
        var ready = Ready(Destination("""{"project":{"from":"P","missing":"omit"}}"""), """{"P":"Unknown"}""");
        Assert.Empty(ready.Resolved.Ids);
        Assert.Equal("$.P: project \"Unknown\" does not exist, and the record is sent without it.", Assert.Single(ready.Warnings).ToString());
    }

    [Fact]
    public void AnObjectIsCreatedOnlyAfterItsParent()
    {
        Fill();
        var destination = Destination("""{"client":{"from":"C","missing":"create"},"project":{"from":"P","within":"client","missing":"create"},"task":{"from":"T","missing":"create"}}""");
        var changes = Assert.IsType<Resolution.Changes>(Resolver.Resolve(destination, Some.Json("""{"C":"New","P":"Website","T":"Review"}"""), _known));
        Assert.Equal("clients New", string.Join(';', changes.Needs.OfType<Need.Create>().Select(need => $"{need.Key.List} {need.Name}")));
        Assert.Equal([Resolver.NewId, Resolver.NewId, Resolver.NewId], new[] { "client", "project", "task" }.Select(name => Assert.Single(changes.Draft.Resolved.Ids[name])));
    }

    [Fact]
    public void AKeyOfASynchronizedDestinationIsItsObject()
    {
        var destination = Destination("""{"project":{"from":"P","by":"key","of":"crm-projects"}}""");
        Assert.Equal([First], Ready(destination, """{"P":"crm/1"}""").Resolved.Ids["project"]);
        Assert.Equal("unresolved: project \"crm/2\" is not a key that destination 'crm-projects' has delivered. Send that record first, then replay this one.", Refused(destination, """{"P":"crm/2"}"""));
    }

    [Fact]
    public void AnUnreadableListLeavesTheRecordUndecided()
    {
        _known.Failure = Some.Answer(503);
        Assert.Equal(503, Assert.IsType<Resolution.Unavailable>(Resolver.Resolve(Destination("""{"project":"P"}"""), Some.Json("""{"P":"Website"}"""), _known)).Answer.Status);
    }

    private void Fill()
    {
        _known.Add("clients", $$"""{"id":"{{Acme}}","name":"Acme"}""", $$"""{"id":"{{Globex}}","name":"Globex"}""");
        _known.Add("projects", $$"""{"id":"{{First}}","name":"Website","clientId":"{{Acme}}"}""", $$"""{"id":"{{Second}}","name":"Website","clientId":"{{Globex}}"}""");
    }

    private IEnumerable<string> Needs(Destination destination, string record) => Assert.IsType<Resolution.Waits>(Resolver.Resolve(destination, Some.Json(record), _known)).Needs.Select(need => need.Key.List);

    private Resolution.Ready Ready(Destination destination, string record) => Assert.IsType<Resolution.Ready>(Resolver.Resolve(destination, Some.Json(record), _known));

    private string Refused(string references, string record) => Refused(Destination(references), record);

    private string Refused(Destination destination, string record) => Assert.Single(Assert.IsType<Resolution.Refused>(Resolver.Resolve(destination, Some.Json(record), _known)).Failures).ToString();

    private static Destination Destination(string references) => Written.Destination($$"""{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Workspace}}"},"references":{{references}}}""");

    /// <summary>Complete lists that have just been read.</summary>
    private sealed class Known : IKnownLists, IExternalKeys
    {
        private readonly Dictionary<ListKey, Snapshot> _lists = [];

        public CallResult? Failure { get; set; }

        public IExternalKeys Keys => this;

        public void Add(string list, params string[] rows)
        {
            var (lookup, key) = (EndpointCatalog.Lookups[list], new ListKey(Workspace, list));
            var snapshot = new Snapshot(lookup, key, DateTimeOffset.UnixEpoch);
            snapshot.AddPages(1, isLast: true, rows.Select(row => Listed.Of(lookup, Some.Json(row), DateTimeOffset.UnixEpoch)!));
            _lists[key] = snapshot;
        }

        public Snapshot? Find(ListKey key) => _lists.GetValueOrDefault(key);

        public IEnumerable<Snapshot> Others(ListKey key) => [];

        public bool WasSearched(Snapshot snapshot, string member, string name) => true;

        public CallResult? FailureOf(Need need) => Failure;

        public (string Kind, string Message)? WhyNotCreated(Need.Create create) => null;

        public IReadOnlyList<string> Close(ListKey key, string member, string name) => [];

        ExternalKey IExternalKeys.Find(string credential, string destination, string key) => key == "crm/1" ? new ExternalKey.Linked(First) : new ExternalKey.Unknown();
    }
}
