using System.Text;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sync;

public sealed class SyncRowTests
{
    [Theory]
    [InlineData("""{"s":"crm","i":7}""", "crm/7", null)]
    [InlineData("""{"s":"a/b","i":true}""", "a/b/true", null)]
    [InlineData("""{"s":"crm"}""", null, "$.i is missing")]
    [InlineData("""{"s":"","i":7}""", null, "$.s is empty")]
    [InlineData("""{"s":"crm","i":null}""", null, "$.i is null")]
    [InlineData("""{"s":"crm","i":[1]}""", null, "$.i is a")]
    public void TheKeyIsMadeOfAttributes(string record, string? key, string? problem)
    {
        var row = Reader().Read(Json(record), out var found);
        Assert.Equal(key, row?.Key);
        if (problem is not null) Assert.StartsWith(problem, found);
    }

    [Fact]
    public void AKeyHasAtMost500Characters()
    {
        Assert.Null(Reader().Read(Json($$"""{"s":"{{new string('x', 500)}}","i":1}"""), out var problem));
        Assert.Contains("502", problem);
    }

    [Theory]
    [InlineData("""{"s":"a","i":1,"name":"x"}""", """{"name":"x","i":1,"s":"a"}""", true)]
    [InlineData("""{"s":"a","i":1,"name":"x"}""", """{"s":"a","i":1,"name":"y"}""", false)]
    [InlineData("""{"s":"a","i":1,"name":"x","internal":1}""", """{"s":"a","i":1,"name":"x","internal":2}""", true)]
    [InlineData("""{"s":"a","i":1,"name":"x"}""", """{"s":"a","i":1}""", false)]
    [InlineData("""{"s":"a","i":1,"a":"b","c":"d"}""", """{"s":"a","i":1,"a":"d","c":"b"}""", false)]
    [InlineData("""{"s":"a","i":1,"n":{"a":1}}""", """{"s":"a","i":1,"n":{"a":2}}""", false)]
    public void TwoRecordsAreEqualIndependentOfTheOrderOfMembers(string left, string right, bool areEqual)
    {
        var reader = Reader();
        Assert.Equal(areEqual, reader.Read(Json(left), out _)!.Hash == reader.Read(Json(right), out _)!.Hash);
    }

    [Fact]
    public void AnotherConfigGivesAnotherHash() =>
        Assert.NotEqual(Reader().Read(Json("""{"s":"a","i":1}"""), out _)!.Hash, Reader(",\"mapping\":{\"note\":\"s\"}").Read(Json("""{"s":"a","i":1}"""), out _)!.Hash);

    private static RawJson Json(string text) => new(Encoding.UTF8.GetBytes(text));

    private static SyncRowReader Reader(string members = "") => new(Written.Destination(
        $$"""{"credential":"default","sync":"projects","key":"{record.s}/{record.i}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},"excludeAttributes":["internal"]{{members}}}""").Links!);
}
