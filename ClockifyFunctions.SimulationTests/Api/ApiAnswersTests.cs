using System.Text;
using System.Text.Json;
using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.SimulationTests.Api;

/// <summary>Checks the responses of the handlers against the OpenAPI description of their operations.</summary>
public sealed class ApiAnswersTests
{
    private const string Config = """{"credential":"default","endpoint":"createTimeEntry","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}}""";

    private static readonly ServiceProvider Services = new ServiceCollection().AddLogging().BuildServiceProvider();

    [Fact]
    public async Task ADestinationIsCreatedChangedAndDeleted()
    {
        await using var world = await TestWorld.StartAsync();
        var api = world.App.Get<DestinationsApi>();
        await AnswersAsync(world, "putDestination", 201, http => api.PutAsync("new", http.Request, default), Config);
        await AnswersAsync(world, "putDestination", 200, http => api.PutAsync("new", http.Request, default), Config);
        await AnswersAsync(world, "putDestination", 400, http => api.PutAsync("new", http.Request, default), """{"credential":"none","mapping":7}""");
        await AnswersAsync(world, "putDestination", 412, http => api.PutAsync("new", http.Request, default), Config, ("If-None-Match", "*"));
        await AnswersAsync(world, "getDestination", 200, http => api.GetAsync("new", http.Response, default));
        await AnswersAsync(world, "getDestination", 404, http => api.GetAsync("none", http.Response, default));
        await AnswersAsync(world, "listDestinations", 200, http => api.ListAsync(http.Request, default));
        await AnswersAsync(world, "listDestinations", 400, http => api.ListAsync(http.Request, default), query: "?limit=0");
        await AnswersAsync(world, "listTemplates", 200, http => Task.FromResult(DestinationsApi.ListTemplates(http.Request)), query: "?limit=3");
        await AnswersAsync(world, "copyDestination", 201, http => api.CopyAsync("new", http.Request, default), """{"id":"copy"}""");
        await AnswersAsync(world, "copyDestination", 400, http => api.CopyAsync("new", http.Request, default), "{}");
        await AnswersAsync(world, "copyDestination", 409, http => api.CopyAsync("new", http.Request, default), """{"id":"copy"}""");
        await AnswersAsync(world, "activateDestination", 200, _ => api.SetStateAsync("copy", DestinationState.Active, default));
        await AnswersAsync(world, "pauseDestination", 200, _ => api.SetStateAsync("copy", DestinationState.Paused, default));
        await AnswersAsync(world, "deleteDestination", 204, http => api.DeleteAsync("copy", http.Request, default));
    }

    [Fact]
    public async Task RecordsStatusAndQuarantineAnswerAsDescribed()
    {
        await using var world = await TestWorld.StartAsync();
        var (records, status, quarantine) = (world.App.Get<RecordsApi>(), world.App.Get<StatusApi>(), world.App.Get<QuarantineApi>());
        await AnswersAsync(world, "sendRecords", 202, http => records.SendAsync("entries", http.Request, default), """[{"start":"2026-03-01T08:00:00Z","end":"2026-03-01T23:59:00Z"},{"start":"never"}]""");
        await AnswersAsync(world, "sendRecords", 400, http => records.SendAsync("entries", http.Request, default), "[7]");
        await AnswersAsync(world, "sendRecords", 415, http => records.SendAsync("entries", http.Request, default), "a", ("Content-Type", "text/plain"));
        await AnswersAsync(world, "sendRecords", 404, http => records.SendAsync("none", http.Request, default), "{}");
        await world.EventsAsync(1);
        await world.PassAsync(TimeSpan.FromSeconds(5));
        await AnswersAsync(world, "getDestinationStatus", 200, http => status.OfDestinationAsync("entries", http.Request, default), query: "?seconds=120");
        await AnswersAsync(world, "getDestinationStatus", 400, http => status.OfDestinationAsync("entries", http.Request, default), query: "?seconds=many");
        await AnswersAsync(world, "getSummary", 200, http => world.App.Get<SummaryApi>().GetAsync(http.Request, default), query: "?search=entr&sort=waiting&limit=1");
        await AnswersAsync(world, "getSummary", 400, http => world.App.Get<SummaryApi>().GetAsync(http.Request, default), query: "?sort=size");
        await AnswersAsync(world, "getReadiness", 200, _ => status.ReadyAsync(default));
        var listed = await AnswersAsync(world, "listQuarantine", 200, http => quarantine.ListAsync("entries", http.Request, default));
        Assert.Equal(1, listed.GetArrayLength());
        await AnswersAsync(world, "replayQuarantine", 202, http => quarantine.ReplayAsync("entries", http.Request, default), """{"all":true}""");
        await AnswersAsync(world, "replayQuarantine", 400, http => quarantine.ReplayAsync("entries", http.Request, default), "{}");
        await world.PassAsync(TimeSpan.FromSeconds(5));
        await AnswersAsync(world, "discardQuarantine", 200, http => quarantine.DiscardAsync("entries", http.Request, default), """{"all":true}""");
    }

    [Fact]
    public async Task PreviewAndTestAnswerAsDescribed()
    {
        await using var world = await TestWorld.StartAsync();
        var (preview, test) = (world.App.Get<PreviewApi>(), world.App.Get<TestApi>());
        var shown = await AnswersAsync(world, "previewRequests", 200, http => preview.PreviewAsync(http.Request, default), """{"destination":"entries","records":[{"start":"2026-03-01T08:00:00Z","end":"2026-03-01T23:59:00Z"},{"start":"never"},{"User":"Ada","start":"2026-03-01T08:00:00Z","duration":"1:30"}]}""");
        Assert.Equal("$.User", shown.GetProperty("refused")[1].GetProperty("problems")[0].GetProperty("path").GetString());
        await AnswersAsync(world, "previewRequests", 400, http => preview.PreviewAsync(http.Request, default), "7");
        var proposed = await AnswersAsync(world, "proposeMapping", 200, http => MappingApi.ProposeAsync(http.Request, default), """{"sync":"timeEntries","recordsText":"Nr;Datum;Von;Bis;Projekt;Rest\n1;02.03.2026;09:15;10:15;App;x","recordsFormat":"csv","choices":{"Rest":"exclude"}}""");
        Assert.Equal(["key", "mapping.start.date", "mapping.start", "mapping.end", "references.project", "exclude"], proposed.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("target").GetString()));
        await AnswersAsync(world, "proposeMapping", 400, http => MappingApi.ProposeAsync(http.Request, default), """{"endpoint":"createNothing"}""");
        await AnswersAsync(world, "proposeMapping", 400, http => MappingApi.ProposeAsync(http.Request, default), """{"endpoint":"createTag","sync":"tags"}""");
        await AnswersAsync(world, "proposeMapping", 400, http => MappingApi.ProposeAsync(http.Request, default), """{"sync":"nothing"}""");
        await AnswersAsync(world, "proposeMapping", 200, http => MappingApi.ProposeAsync(http.Request, default), """{"endpoint":"createTag","recordsText":"a;a\n1;2","recordsFormat":"csv","choices":{"a":"mapping.none"}}""");
        string[] sent = ["method", "url", "headers", "contentType", "body"];
        var request = JsonSerializer.Serialize(shown.GetProperty("requests")[0].EnumerateObject().Where(member => sent.Contains(member.Name)).ToDictionary(member => member.Name, member => member.Value));
        await AnswersAsync(world, "testDestination", 200, http => test.TestDestinationAsync("entries", http.Request, default), $$"""{"request":{{request}}}""");
        await AnswersAsync(world, "testRequest", 200, http => test.TestAsync(http.Request, default), $$"""{"config":{{Config}},"request":{{request}}}""");
        await AnswersAsync(world, "testRequest", 400, http => test.TestAsync(http.Request, default), "{}");
    }

    [Fact]
    public async Task ACredentialIsCreatedChangedAndDeleted()
    {
        var folder = Directory.CreateTempSubdirectory("credentials-");
        try
        {
            await using var world = await TestWorld.StartAsync(new() { Settings = new Dictionary<string, string> { ["CredentialsFile"] = Path.Combine(folder.FullName, "credentials.json") } });
            var api = world.App.Get<CredentialsApi>();
            var config = $$"""{"apiKey":"{{Seed.BenKey}}","limits":["5/00:00:01"]}""";
            await AnswersAsync(world, "putCredential", 201, http => api.PutAsync("crm", http.Request, default), config);
            await AnswersAsync(world, "putCredential", 412, http => api.PutAsync("crm", http.Request, default), config, ("If-None-Match", "*"));
            await AnswersAsync(world, "putCredential", 400, http => api.PutAsync("other", http.Request, default), """{"limits":["often"]}""");
            await AnswersAsync(world, "putCredential", 409, http => api.PutAsync(LocalStack.Credential, http.Request, default), config);
            await AnswersAsync(world, "putCredential", 200, http => api.PutAsync("crm", http.Request, default), """{"limits":["4/00:00:01"]}""");
            await AnswersAsync(world, "rotateCredential", 200, http => api.RotateAsync("crm", http.Request, default), $$"""{"apiKey":"{{Seed.CleoKey}}"}""");
            await AnswersAsync(world, "rotateCredential", 404, http => api.RotateAsync("none", http.Request, default), """{"apiKey":"k"}""");
            var listed = await AnswersAsync(world, "listCredentials", 200, http => api.ListAsync(http.Request, default));
            Assert.Equal(["managed", "settings"], listed.EnumerateArray().Select(credential => credential.GetProperty("source").GetString()));
            await AnswersAsync(world, "getCredential", 200, _ => api.GetAsync("crm", default));
            await AnswersAsync(world, "getCredential", 404, _ => api.GetAsync("none", default));
            await AnswersAsync(world, "checkCredential", 200, _ => api.CheckAsync(LocalStack.Credential, default));
            await AnswersAsync(world, "checkCredential", 404, _ => api.CheckAsync("none", default));
            await AnswersAsync(world, "resumeCredential", 200, _ => api.ResumeAsync("crm", default));
            await AnswersAsync(world, "resumeCredential", 404, _ => api.ResumeAsync("none", default));
            await AnswersAsync(world, "deleteCredential", 409, _ => api.DeleteAsync(LocalStack.Credential, default));
            await AnswersAsync(world, "deleteCredential", 204, _ => api.DeleteAsync("crm", default));
            await AnswersAsync(world, "deleteCredential", 404, _ => api.DeleteAsync("crm", default));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task AFailureOfStorageOrOfTheAppIsAnsweredWithProblemDetails()
    {
        await using var world = await TestWorld.StartAsync();
        await AnswersAsync(world, "listDestinations", 503, _ => Task.FromResult(Problems.Of(new Azure.RequestFailedException(500, "away"))));
        await AnswersAsync(world, "sendRecords", 413, _ => Task.FromResult(Problems.Of(new BadHttpRequestException("too large", 413))));
        Assert.Equal(500, Assert.IsAssignableFrom<IStatusCodeHttpResult>(Problems.Of(new InvalidOperationException())).StatusCode);
    }

    [Theory]
    [InlineData(null, 5L, true)]
    [InlineData(null, null, false)]
    [InlineData("application/json", 5L, false)]
    public void ABodyWithoutAContentTypeIsRefused(string? type, long? length, bool refused)
    {
        var context = new DefaultHttpContext { Request = { ContentType = type, ContentLength = length } };
        Assert.Equal(refused ? 415 : null, (ApiAnswers.RefusalOf(context.Request) as IStatusCodeHttpResult)?.StatusCode);
    }

    public static TheoryData<Exception, bool, int> Failures => new()
    {
        { new AggregateException(new BadHttpRequestException("too large", 413)), false, 413 },
        { new AggregateException(new InvalidOperationException()), false, 500 },
        { new AggregateException(new TaskCanceledException()), true, 499 },
        { new AggregateException(new TaskCanceledException()), false, 500 },
        { new AggregateException(new Azure.RequestFailedException(500, "away"), new Azure.RequestFailedException(500, "away")), false, 503 },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void TheInnerExceptionOfTheWorkerDecidesTheAnswer(Exception failure, bool clientLeft, int status)
    {
        var http = new DefaultHttpContext { RequestAborted = new CancellationToken(clientLeft) };
        var answer = new ApiAnswers(NullLogger<ApiAnswers>.Instance).AnswerTo(failure, http);
        Assert.Equal(status, Assert.IsAssignableFrom<IStatusCodeHttpResult>(answer).StatusCode);
    }

    private static async Task<JsonElement> AnswersAsync(
        TestWorld world, string operation, int status, Func<HttpContext, Task<IResult>> handler, string? body = null, (string Name, string Value)? header = null, string query = "")
    {
        var context = new DefaultHttpContext { RequestServices = Services, Response = { Body = new MemoryStream() }, Request = { QueryString = new QueryString(query) } };
        if (body is not null) (context.Request.ContentType, context.Request.Body) = ("application/json", new MemoryStream(Encoding.UTF8.GetBytes(body)));
        if (header is var (name, value)) context.Request.Headers[name] = value;
        var answer = handler(context);
        await world.DoneAsync(operation, answer);
        await (await answer).ExecuteAsync(context);
        var text = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        Assert.True(status == context.Response.StatusCode, $"{operation}: {context.Response.StatusCode} instead of {status}: {text}");
        ApiDescription.AssertDescribes(operation, status, [.. context.Response.Headers.Keys], context.Response.ContentType, text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
