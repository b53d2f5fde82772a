using System.Text;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Test sends: a person sends one request through the gate and waits for the response.</summary>
internal sealed class TestApi(DestinationStore store, InteractiveCalls calls, CredentialStore credentials)
{
    public Task<IResult> TestAsync(HttpRequest request, CancellationToken cancel) => TestAsync(request, null, cancel);

    /// <summary>Sends a test with the config of a stored destination.</summary>
    public async Task<IResult> TestDestinationAsync(string id, HttpRequest request, CancellationToken cancel) =>
        await store.FindAsync(id, cancel) is { } stored ? await TestAsync(request, stored.Config, cancel) : Problems.NoDestination(id);

    /// <summary>Sends a previewed request, which the person may have edited.</summary>
    private async Task<IResult> TestAsync(HttpRequest http, DestinationConfig? stored, CancellationToken cancel)
    {
        const string Remedy = "Send {\"config\": …, \"request\": {\"method\", \"url\", \"headers\", \"contentType\", \"body\"}}.";
        var (input, refusal) = await Body.ReadAsync(http, ApiJson.Web.TestInput, Remedy, cancel);
        if (input is null) return refusal!;
        if (input.Request is not { } wanted) return Problems.Answer(400, "The body is not valid.", Remedy, [new Problem("$.request", "is missing.")]);
        var config = stored ?? input.Config;
        var known = await credentials.GetAsync(CredentialStore.Now, cancel);
        if (known.Find(config?.Credential) is not { } credential) return Problems.NoCredential(config?.Credential);
        var problems = new List<Problem>();
        if (Read(wanted, credential, problems) is not { } request) return Problems.Answer(400, "The request cannot be sent.", $"There are {problems.Count} problem(s).", problems);

        Destination.TryCreate("test", config!, known.All, out var destination, out _);
        if (destination is { UpdateMode: UpdateMode.Merge } && AnswerJson.Read(request.Body, JsonValueKind.Object) is null)
            return Problems.Answer(400, "The request cannot be sent.", "There is 1 problem.", [new Problem("$.request.body", "is not a JSON object. With updateMode merge the app merges the body with the existing object; send a JSON object.")]);
        // A person may have changed the request into one of another endpoint, whose response shape is unknown.
        if (destination?.Endpoint is { } endpoint && endpoint.Method == request.Method) request = request with { Answer = endpoint.Answer };
        return await AnswerAsync(
            () => calls.SendAsync(credential, destination, request, cancel),
            done => Results.Json(
                new TestView(
                    new CallView(done.Sent.Method.Method, done.Sent.Url.AbsoluteUri, Headers(credential, done.Sent), done.Sent.Body.IsEmpty ? null : done.Sent.ContentType, done.Sent.Body.IsEmpty ? null : Encoding.UTF8.GetString(done.Sent.Body.Span)),
                    new AnswerView(
                        done.Result.Status == 0 ? null : done.Result.Status, done.Result.ContentType, [.. (done.Result.Headers ?? []).Select(header => new HeaderView(header.Key, header.Value))],
                        done.Result.Body.ToString(), Math.Round(done.Result.Duration.TotalMilliseconds, 1), done.Result.Error),
                    Math.Round(done.Waited.TotalMilliseconds), ResponseClassifier.Classify(done.Result).Outcome.ToString().ToLowerInvariant()),
                ApiJson.Web.TestView));
    }

    /// <summary>Runs a call at the gate and returns its result, or the reason why the call could not be made.</summary>
    public static async Task<IResult> AnswerAsync<T>(Func<Task<T>> act, Func<T, IResult> answer)
    {
        try
        {
            return answer(await act());
        }
        catch (InteractiveCalls.SuspendedException suspended)
        {
            return Problems.Answer(409, "The credential is suspended.", $"{suspended.Message}.");
        }
        catch (InteractiveCalls.ExhaustedException exhausted)
        {
            return Problems.Answer(409, "The rate limits of the key are exhausted.", $"The next call may be made in {Math.Ceiling(exhausted.For.TotalMinutes):0} min.");
        }
        catch (InteractiveCalls.NoTurnException)
        {
            return Problems.Answer(504, "The key was busy for too long.", "A drain is sending records with this key and did not pause in time. Try again.");
        }
    }

    private static RenderedRequest? Read(CallView wanted, Credential credential, List<Problem> problems)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (given, value) in wanted.Headers ?? [])
        {
            var name = given ?? "";
            if (name.Equals(credential.Header, StringComparison.OrdinalIgnoreCase) && value == "***") continue; // Previews show the key in this form.
            if (HeaderReader.ProblemOf(name, credential) is { } problem) problems.Add(new Problem("$.request.headers", problem));
            else if (value is null) problems.Add(new Problem("$.request.headers", $"'{name}' has no value."));
            else if (value.Any(char.IsControl)) problems.Add(new Problem("$.request.headers", $"The value of '{name}' contains a control character."));
            else headers.Add(new(name, value));
        }

        if (wanted.Method is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE")) problems.Add(new Problem("$.request.method", $"'{wanted.Method}' is unknown; use GET, POST, PUT, PATCH or DELETE."));
        if (!Uri.TryCreate(wanted.Url, UriKind.Absolute, out var url)) problems.Add(new Problem("$.request.url", "is not an absolute URL."));
        else if (credential.Refuse(url) is { } refusal) problems.Add(new Problem("$.request.url", refusal));
        if (wanted.ContentType is { } type && !System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out _)) problems.Add(new Problem("$.request.contentType", $"'{type}' is not a media type."));
        // The preview writes bytes that are not text as U+FFFD.
        if (wanted.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true && wanted.Body?.Contains('\uFFFD', StringComparison.Ordinal) == true)
            problems.Add(new Problem("$.request.body", "contains a file that is not text, which a test cannot send; remove the file."));
        return problems.Count > 0 ? null : new RenderedRequest(new HttpMethod(wanted.Method!), url!, Encoding.UTF8.GetBytes(wanted.Body ?? "")) { Headers = headers, ContentType = wanted.ContentType ?? "application/json" };
    }

    private static IReadOnlyList<HeaderView> Headers(Credential credential, RenderedRequest request) =>
        [new(credential.Header, "***"), .. request.Headers.Select(header => new HeaderView(header.Key, header.Value))];
}
