using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>Small configs and records that become large requests are refused while they are rendered.</summary>
[Trait(Categories.Name, Categories.Security)]
public sealed class RenderingLimitsTests
{
    private const string Manual = "\"credential\":\"default\",\"method\":\"POST\",\"url\":\"https://api.clockify.me/x\"";

    private static readonly string Long = new('x', 200 * 1024);

    [Fact]
    public void ATemplateThatRepeatsTheRecordIsRefused() =>
        AssertTooLarge($$"""{{{Manual}},"bodyTemplate":"[{{string.Join(',', Enumerable.Repeat("{message.json}", 2000))}}]"}""", $$"""{"a":"{{Long}}"}""");

    [Fact]
    public void ATemplateThatRepeatsAnAttributeIsRefused() =>
        AssertTooLarge($$"""{{{Manual}},"bodyTemplate":"[{{string.Join(',', Enumerable.Repeat("{record.a}", 2000))}}]"}""", $$"""{"a":"{{Long}}"}""");

    [Fact]
    public void AMappingThatRepeatsAnAttributeIsRefused() =>
        AssertTooLarge($$"""{{{Manual}},"mapping":{ {{string.Join(',', Enumerable.Range(0, 1000).Select(number => $"\"f{number}\":\"a\""))}} } }""", $$"""{"a":"{{Long}}"}""");

    [Theory]
    [InlineData("xml")]
    [InlineData("form")]
    public void AListThatRepeatsALongNameIsRefused(string contentType) =>
        AssertTooLarge($$"""{{{Manual}},"contentType":"{{contentType}}"}""", $$"""{"{{Long}}":[{{string.Join(',', Enumerable.Repeat("1", 10_000))}}]}""");

    [Fact]
    public void AnExclusionDoesNotMultiplyALongName()
    {
        var destination = Written.Destination($$"""{{{Manual}},"excludeAttributes":["a.b"]}""");
        var record = Some.Json($$"""{"{{Long}}":{ {{string.Join(',', Enumerable.Range(0, 50_000).Select(number => $"\"m{number}\":1"))}} },"a":{"b":1,"c":2} }""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var request = RequestRenderer.Render(destination, record, Written.Now).Request!;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 << 20);
        Assert.EndsWith("\"a\":{\"c\":2}}", System.Text.Encoding.UTF8.GetString(request.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void APreviewShowsNoMoreThanOneLargeRequestIsAllowed()
    {
        var destination = Written.Destination($$"""{{{Manual}},"bodyTemplate":"[{{string.Join(',', Enumerable.Repeat("{record.a}", 20))}}]"}""");
        var preview = Preview.Of(destination, [.. Enumerable.Repeat(Some.Json($$"""{"a":"{{Long}}"}"""), 10)], Written.Now, TestContext.Current.CancellationToken);
        Assert.Equal((3, 7), (preview.Requests.Count, preview.Refused.Count));
        Assert.Contains("at most 10 MB", preview.Refused[0].Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APreviewEndsWhenTheClientDisconnects() =>
        Assert.Throws<OperationCanceledException>(() => Preview.Of(Written.Destination($"{{{Manual}}}"), [Some.Json("{}")], Written.Now, new CancellationToken(canceled: true)));

    [Fact]
    public void TheAttributesOfARecordAreNamedUpToALimit()
    {
        Assert.Equal(1000, Preview.AttributesOf([Some.Json($$"""{ {{string.Join(',', Enumerable.Range(0, 2000).Select(number => $"\"m{number}\":1"))}} }""")]).Count);
        Assert.Equal(["a", "a.b"], Preview.AttributesOf([Some.Json($$"""{"{{Long}}":{"x":1},"a":{"b":1} }""")]));
    }

    [Fact]
    public void ARecordThatLacksManyAttributesListsAHundredProblems()
    {
        var refused = Written.Refusals($$"""{"credential":"default","method":"GET","url":"https://api.clockify.me/{{string.Join('/', Enumerable.Range(0, 500).Select(number => $"{{record.a{number}}}"))}}"}""", "{}");
        Assert.Equal((101, "$: and 400 more; correct these first."), (refused.Count, refused[^1]));
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "has 101 headers")]
    [InlineData(200_000, "has 200000 headers")]
    public void ADestinationHasAtMostAHundredHeaders(int count, string? problem) =>
        AssertProblem($$"""{{{Manual}},"headers":{ {{string.Join(',', Enumerable.Range(0, count).Select(number => $"\"h{number}\":\"\""))}} } }""", problem);

    [Theory]
    [InlineData(1000, null)]
    [InlineData(1001, "has 1001 fields")]
    public void ADestinationHasAtMostAThousandMappings(int count, string? problem) =>
        AssertProblem($$"""{{{Manual}},"mapping":{ {{string.Join(',', Enumerable.Range(0, count).Select(number => $"\"h{number}\":\"a\""))}} } }""", problem);

    [Theory]
    [InlineData(1000, null)]
    [InlineData(1001, "has 1001 paths")]
    public void ADestinationHasAtMostAThousandExclusions(int count, string? problem) =>
        AssertProblem($$"""{{{Manual}},"excludeAttributes":[{{string.Join(',', Enumerable.Range(0, count).Select(number => $"\"h{number}\""))}}]}""", problem);

    [Fact]
    public void AConfigWithManyFaultsListsAHundredProblems()
    {
        var problems = Written.Problems($$"""{{{Manual}},"bodyTemplate":"{{string.Concat(Enumerable.Repeat("{x}", 5000))}}"}""");
        Assert.Equal((101, "and 4900 more; correct these first."), (problems.Count, problems[^1].Message));
    }

    private static void AssertProblem(string config, string? problem)
    {
        var problems = Written.Problems(config);
        if (problem is null) Assert.Empty(problems);
        else Assert.Contains(problem, Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    private static void AssertTooLarge(string config, string record) => Assert.Contains("more than 10 MB", Assert.Single(Written.Refusals(config, record)), StringComparison.Ordinal);
}
