// SPDX-License-Identifier: MIT
//
// Three pipelines and a mistake, from C++20; see tests/hosts/README.md.
//
//     c++ -std=c++20 -o host host.cc $(pkg-config --cflags --libs cosend)
#include <cosend.h>

#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

struct error : std::runtime_error {
    explicit error(const cosend_error &from)
        : std::runtime_error(from.message), kind(from.kind)
    {
    }
    int kind;
};

std::string_view view(const cosend_cell &cell)
{
    return {cell.data ? cell.data : "", cell.length};
}

// Owns a pipeline. It stays where it is, for the library holds its address.
class pipeline {
  public:
    using record_taker = std::function<int(const cosend_record &)>;
    using batch_taker = std::function<int(const cosend_batch &)>;
    using reject_taker = std::function<int(const cosend_reject &)>;

    record_taker on_record;
    batch_taker on_batch;
    reject_taker on_reject;
    cosend_options options{};

    pipeline()
    {
        options.size = sizeof(options);
        options.push = true;
        options.name = "<line>";
        options.context = this;
        options.problem = [](const cosend_problem *problem, void *self) {
            static_cast<pipeline *>(self)->note(*problem);
        };
    }
    pipeline(const pipeline &) = delete;
    pipeline &operator=(const pipeline &) = delete;
    ~pipeline() { cosend_pipeline_free(own); }

    void open_line(const char *line)
    {
        call_back();
        own = cosend_pipeline_from_line(line, &options, &failure);
        check(own ? COSEND_OK : failure.kind);
        check(cosend_pipeline_open(own, &failure));
    }
    void open_steps(const std::vector<cosend_step> &steps,
                    const char *parameter)
    {
        call_back();
        own = cosend_pipeline_new(&options, &failure);
        check(own ? COSEND_OK : failure.kind);
        if (parameter)
            check(cosend_pipeline_add_parameter(own, parameter,
                                                "{\"type\": \"int\"}",
                                                &failure));
        for (const auto &step : steps)
            check(cosend_pipeline_add_step(own, &step, &failure));
        check(cosend_pipeline_open(own, &failure));
    }
    void push(std::string_view bytes)
    {
        check(cosend_pipeline_push(own, bytes.data(), bytes.size(), &failure));
    }
    void finish() { check(cosend_pipeline_finish(own, &failure)); }
    std::string result(const char *id, const char *name) const
    {
        cosend_cell value;

        return cosend_pipeline_result_of(own, id, name, &value)
                   ? std::string(view(value))
                   : std::string();
    }

  private:
    cosend_pipeline *own = nullptr;
    cosend_error failure{};
    cosend_taker taker{};
    std::exception_ptr thrown;
    std::string problems;

    // No exception may leave a callback: the C code between it and the call
    // that drives the pipeline has no idea of it. So it is kept, the library
    // is told an error, and check throws it again on this side.
    template <typename function, typename... arguments>
    int guarded(const function &call, const arguments &...given) noexcept
    {
        try {
            return call(given...);
        } catch (...) {
            thrown = std::current_exception();
            return COSEND_E_USER;
        }
    }
    void call_back()
    {
        if (on_record)
            options.record = [](const cosend_record *record, void *context) {
                auto *self = static_cast<pipeline *>(context);
                return self->guarded(self->on_record, *record);
            };
        if (on_reject)
            options.reject = [](const cosend_reject *reject, void *context) {
                auto *self = static_cast<pipeline *>(context);
                return self->guarded(self->on_reject, *reject);
            };
        if (!on_batch)
            return;
        taker.size = sizeof(taker);
        taker.context = this;
        taker.batch = [](const cosend_batch *batch, void *context) {
            auto *self = static_cast<pipeline *>(context);
            return self->guarded(self->on_batch, *batch);
        };
        options.taker = &taker;
    }
    void note(const cosend_problem &problem) noexcept
    {
        guarded([&] {
            problems += (problems.empty() ? "" : "\n") +
                        std::string(problem.name) + ":" +
                        std::to_string(problem.line) + ":" +
                        std::to_string(problem.column) + ": " + problem.path +
                        ": " + problem.text;
            return COSEND_OK;
        });
    }
    void check(int status)
    {
        if (thrown)
            std::rethrow_exception(std::exchange(thrown, nullptr));
        if (status >= 0)
            return;
        if (!problems.empty())
            snprintf(failure.message, sizeof(failure.message), "%s",
                     problems.c_str());
        throw error(failure);
    }
};

void push_file(pipeline &to, const char *name)
{
    std::ifstream file(name, std::ios::binary);
    char piece[1000];

    while (file.read(piece, sizeof(piece)) || file.gcount())
        to.push({piece, static_cast<size_t>(file.gcount())});
    to.finish();
}

void text(const char *name)
{
    pipeline lines;

    lines.on_record = [](const cosend_record &) { return COSEND_OK; };
    lines.open_line("grep ERROR | count");
    push_file(lines, name);
    std::cout << lines.result("count", "count") << '\n';
}

void table(const char *name)
{
    const cosend_parameter given{"least", "6"};
    pipeline rows;
    bool headed = false;

    rows.options.input_format = COSEND_FORMAT_CSV;
    rows.options.parameters = &given;
    rows.options.parameter_count = 1;
    rows.on_reject = [](const cosend_reject &reject) {
        std::cerr << reject.line << ' ' << reject.step << ' ' << reject.kind
                  << ' ' << std::string_view(reject.raw, reject.raw_length)
                  << '\n';
        return COSEND_OK;
    };
    rows.on_batch = [&](const cosend_batch &batch) {
        const cosend_schema *schema = cosend_batch_schema(&batch);
        size_t width = cosend_schema_count(schema);
        uint32_t count = cosend_batch_count(&batch);
        std::vector<std::vector<cosend_cell>> columns(width);

        for (size_t c = 0; c < width; c++) {
            if (!headed)
                std::cout << (c ? "," : "") << cosend_schema_name(schema, c);
            columns[c].resize(count);
            if (!cosend_batch_cells(&batch, c, columns[c].data()))
                throw std::bad_alloc();
        }
        std::cout << (headed ? "" : "\n");
        headed = true;
        for (uint32_t i = 0; i < count; i++)
            for (size_t c = 0; c < width; c++)
                std::cout << view(columns[c][i])
                          << (c + 1 < width ? ',' : '\n');
        return COSEND_OK;
    };
    rows.open_steps({{.size = sizeof(cosend_step), .filter = "where",
                      .options = "\"ms >= ${least}\"", .id = "slow",
                      .on_error = COSEND_ON_ERROR_REJECT},
                     {.size = sizeof(cosend_step), .filter = "average",
                      .options = R"({"field": "ms", "by": ["host"]})",
                      .id = nullptr, .on_error = COSEND_ON_ERROR_DEFAULT}},
                    "least");
    push_file(rows, name);
}

void records(const char *name)
{
    pipeline objects;

    objects.options.input_format = COSEND_FORMAT_JSONL;
    objects.on_record = [](const cosend_record &record) {
        cosend_bytes json{};

        cosend_put_json_record(&json, &record);
        std::cout.write(reinterpret_cast<char *>(json.data),
                        static_cast<std::streamsize>(json.length))
            << '\n';
        cosend_bytes_free(&json);
        return COSEND_OK;
    };
    objects.open_line("set 'd = ms * 2' | select host,d,x");
    push_file(objects, name);
}

void mistake(const char *name)
{
    pipeline rows;

    rows.options.input_format = COSEND_FORMAT_CSV;
    rows.on_record = [](const cosend_record &) { return COSEND_OK; };
    rows.open_line("where mss > 1");
    push_file(rows, name);
}

void raising(const char *name)
{
    pipeline lines;

    lines.on_record = [](const cosend_record &) -> int {
        throw std::out_of_range("mine");
    };
    lines.open_line("grep .");
    try {
        push_file(lines, name);
    } catch (const std::out_of_range &) {
        std::cout << "out_of_range came out\n";
    }
}

} // namespace

int main(int argc, char **argv)
try {
    const std::string_view what = argc == 3 ? argv[1] : "";

    (what == "text"      ? text
     : what == "table"   ? table
     : what == "records" ? records
     : what == "raising" ? raising
                         : mistake)(argv[2]);
    return 0;
} catch (const std::exception &failed) {
    std::cerr << failed.what() << '\n';
    return 1;
}
