using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// Reads the user of a key after a call was answered with 401 or 403. Every valid key may read its own user. After the API has accepted the key, it is
/// not asked again for ten seconds.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A SemaphoreSlim holds nothing to dispose of while its wait handle is not used.")]
internal sealed class KeyCheck(Credential credential, TimeProvider time)
{
    private static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private long? _goodAt;
    private string? _userId;

    public Credential Credential => credential;

    /// <summary>
    /// Finds the reason for a refused call: the API refuses the key for all calls, or the key has no permission for this call. If the API does not answer,
    /// the record is tried again.
    /// </summary>
    /// <param name="call">Makes one call, including its permit.</param>
    public async Task<AnswerKind> AskAsync(Func<RenderedRequest, Task<CallResult>> call)
    {
        await _turn.WaitAsync();
        try
        {
            if (_goodAt is { } checkedAt && time.GetElapsedTime(checkedAt) < ValidFor) return AnswerKind.NoRight;
            var (answer, isUser) = await ReadUserAsync(call);
            return isUser ? AnswerKind.NoRight : ResponseClassifier.Classify(answer).RefusesKey ? AnswerKind.KeyRefused : AnswerKind.NotApplied;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Returns the id of the key's user, or the answer that does not contain it.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public async Task<(string? UserId, CallResult? Answer)> UserIdAsync(Func<RenderedRequest, Task<CallResult>> call)
    {
        if (_userId is { } known) return (known, null);
        var (answer, isUser) = await ReadUserAsync(call);
        return (isUser ? _userId : null, answer);
    }

    private async Task<(CallResult Answer, bool IsUser)> ReadUserAsync(Func<RenderedRequest, Task<CallResult>> call)
    {
        var answer = await call(new RenderedRequest(HttpMethod.Get, new Uri($"{credential.BaseUrl.AbsoluteUri.TrimEnd('/')}/user"), default) { Answer = AnswerShape.Entity });
        if (!answer.IsSuccess || AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Object) is not { } user || NaturalKey.Text(user, "id") is not { Length: > 0 } id) return (answer, false);
        (_userId, _goodAt) = (id, time.GetTimestamp());
        return (answer, true);
    }
}
