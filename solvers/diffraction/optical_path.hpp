// Elements in a row.
#pragma once

#include <memory>
#include <vector>

#include "solvers/diffraction/element.hpp"

namespace symwave::solvers::diffraction {

template <class Real>
class OpticalPath final : public Element<Real> {
 public:
  void Add(std::shared_ptr<const Element<Real>> element) {
    elements_.push_back(std::move(element));
  }
  bool Empty() const { return elements_.empty(); }

  void Forward(Fields<Real>& fields) const override {
    for (const auto& element : elements_) element->Forward(fields);
  }
  void Backward(Fields<Real>& fields) const override {
    for (auto element = elements_.rbegin(); element != elements_.rend(); ++element) {
      (*element)->Backward(fields);
    }
  }

 private:
  std::vector<std::shared_ptr<const Element<Real>>> elements_;
};

}  // namespace symwave::solvers::diffraction
